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

/// The loss of a task: labels, and what else there is to a [Lesson].
///
/// @param task what is learnt
/// @param settings how
/// @param training what the head sees of the examples to learn from
/// @param old what it sees of the old task's; null for none
/// @param random for what is drawn beforehand
record Objectives(FinetuneTask task, TuningSettings settings, Seen training, @Nullable Seen old, RandomStream random) {
    private static final int MOST_FOR_FISHER = 256;
    private static final float TEMPERATURE = 2;

    /// The loss. What the source knows is asked for now: so the weights must still be the source's.
    ///
    /// @param teacher logits of all examples by the source, `[examples, labels]`; null when it does not teach
    Objective of(@Nullable Tensor teacher) {
        Lesson lesson = settings.lesson();
        Objective now = teacher == null ? labels() : taught(teacher);
        if (lesson.rehearse() > 0 && old != null) {
            int[] kept = IntStream.range(0, old.examples().size()).toArray();
            now = new Rehearsal(now, labels(old, loss()), kept, Math.min(lesson.rehearse(), kept.length), 1);
        }
        if (lesson.ewc() > 0 && old != null) {
            int count = Math.min(MOST_FOR_FISHER, old.examples().size());
            int[] some = Arrays.copyOf(random.child("fisher").permutation(old.examples().size()), count);
            Objective plain = labels(old, CrossEntropy.PLAIN); // the Fisher information is of the likelihood itself
            now = Anchor.ewc(learning(task.parameters()), plain, some, lesson.ewc(), random.child("fisher")).over(now);
        }
        return lesson.l2sp() == 0 ? now : Anchor.l2sp(learning(pulled()), lesson.l2sp()).over(now);
    }

    /// A new head has no source to be pulled to.
    private Parameters pulled() {
        return task.source().headToo() ? task.parameters() : task.body();
    }

    /// What learns now or later.
    private Parameters learning(Parameters of) {
        return settings.learns().forever() ? of.trainable() : of;
    }

    private Objective labels() {
        return training.examples() instanceof ImageExamples images && images.mixed()
                ? new Mixup(x -> task.network().classify(below(images, x)), images::inputs, images.labels(), settings.lesson().mixup(),
                        loss())
                : labels(training, loss());
    }

    private Variable below(ImageExamples images, Variable x) {
        return training instanceof Seen.Learning ? images.network().features(x) : Mode.inference(() -> images.network().features(x));
    }

    private Objective labels(Seen seen, CrossEntropy loss) {
        int[] labels = seen.examples().labels();
        return (examples, draws) -> loss.of(task.network().classify(seen.of(examples, draws)),
                Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray()));
    }

    private CrossEntropy loss() {
        return new CrossEntropy(-100, (float) settings.lesson().smoothing(), null);
    }

    private Objective taught(Tensor teacher) {
        Logits student = (examples, draws) -> task.network().classify(training.of(examples, draws));
        return new Distillation(student, (examples, draws) -> Variable.of(teacher.gatherRows(Indices.of(examples))),
                training.examples().labels(), TEMPERATURE, (float) settings.lesson().distill());
    }

    /// Logits of a teacher that says nothing: to try out what its lesson costs.
    Tensor silent() {
        return Tensor.zeros(Shape.of(training.examples().size(), task.labels().size()));
    }
}
