package dev.headstart.train.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Objective;
import java.util.Arrays;

/// Rehearsal (Robins 1995): with each batch of the new task, some examples of the old one: `new + weight · old`. Which ones is drawn anew each
/// step.
///
/// @param now the new task
/// @param old the old task
/// @param kept numbers of the old task's examples that are kept: a memory
/// @param perStep how many of them come with each batch
/// @param weight of the old task's loss
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Rehearsal(Objective now, Objective old, int[] kept, int perStep, double weight) implements Objective {
    public Rehearsal {
        if (perStep < 1 || perStep > kept.length || !(weight >= 0)) {
            throw new IllegalArgumentException("rehearsal: " + perStep + " of " + kept.length + " kept examples, weight " + weight
                    + ": from 1 to all of them, the weight not negative");
        }
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        int[] order = random.child("rehearsal").permutation(kept.length);
        int[] again = Arrays.stream(order, 0, perStep).map(i -> kept[i]).toArray();
        return now.loss(examples, random.child("now")).plus(old.loss(again, random.child("old")).times((float) weight));
    }
}
