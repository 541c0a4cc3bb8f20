package dev.headstart.task.tuning;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.train.tuning.Anchor;
import dev.headstart.train.tuning.Distillation;
import dev.headstart.train.tuning.Logits;
import dev.headstart.train.tuning.Mixup;
import dev.headstart.train.tuning.Rehearsal;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The loss of a task: labels, and the other [LossTerms].
///
/// @param task the network and the examples
/// @param settings how it is trained
/// @param training features of the examples to train on
/// @param old those of the old task's examples; null for none
/// @param random for what is sampled beforehand
record Objectives(FinetuneTask task, TuningSettings settings, Features training, @Nullable Features old, RandomStream random) {
    private static final int MOST_FOR_FISHER = 256;
    private static final float TEMPERATURE = 2;

    /// The loss. What depends on the source's weights is computed now: so the weights must still be the source's.
    ///
    /// @param teacher logits of all examples by the source, `[examples, labels]`; null when it does not teach
    Objective of(@Nullable Tensor teacher) {
        LossTerms terms = settings.terms();
        Objective now = teacher == null ? labels() : taught(teacher);
        if (terms.rehearse() > 0 && old != null) {
            int[] kept = IntStream.range(0, old.examples().size()).toArray();
            now = new Rehearsal(now, labels(old, loss()), kept, Math.min(terms.rehearse(), kept.length), 1);
        }
        if (terms.ewc() > 0 && old != null) {
            int count = Math.min(MOST_FOR_FISHER, old.examples().size());
            int[] some = Arrays.copyOf(random.child("fisher").permutation(old.examples().size()), count);
            Objective plain = labels(old, CrossEntropy.PLAIN); // the Fisher information is of the likelihood itself
            now = Anchor.ewc(learning(task.parameters()), plain, some, terms.ewc(), random.child("fisher")).over(now);
        }
        return terms.l2sp() == 0 ? now : Anchor.l2sp(learning(pulled()), terms.l2sp()).over(now);
    }

    /// A new head has no source to be pulled to.
    private Parameters pulled() {
        return task.source().headToo() ? task.parameters() : task.body();
    }

    /// What is trained now or later.
    private Parameters learning(Parameters of) {
        return settings.strategy().isFixed() ? of.trainable() : of;
    }

    private Objective labels() {
        return training.examples().mixed().<Objective>map(mixed -> new Mixup(x -> task.network().classify(features(mixed, x)),
                mixed.inputs(), training.examples().labels(), settings.terms().mixup(), loss()))
                .orElseGet(() -> labels(training, loss()));
    }

    private Variable features(Examples.MixedInputs mixed, Variable x) {
        return training.areTrainable() ? mixed.features().apply(x) : Mode.inference(() -> mixed.features().apply(x));
    }

    private Objective labels(Features features, CrossEntropy loss) {
        int[] labels = features.examples().labels();
        return (examples, own) -> loss.of(task.network().classify(features.of(examples, own)),
                Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray()));
    }

    private CrossEntropy loss() {
        return new CrossEntropy(-100, (float) settings.terms().smoothing(), null);
    }

    private Objective taught(Tensor teacher) {
        Logits student = (examples, own) -> task.network().classify(training.of(examples, own));
        return new Distillation(student, (examples, own) -> Variable.of(teacher.gatherRows(Indices.of(examples))),
                training.examples().labels(), TEMPERATURE, (float) settings.terms().distill());
    }

    /// Logits of a teacher that are all 0: to estimate what a teacher costs.
    Tensor zeroTeacher() {
        return Tensor.zeros(Shape.of(training.examples().size(), task.labels().size()));
    }
}
