package dev.headstart.train.tuning;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shapes;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import java.util.Arrays;

/// Distillation (Hinton et al. 2015, arXiv 1503.02531): a student learns what a teacher says, softened by a temperature T, beside the labels:
/// `(1 - share) · CE(student, label) + share · T² · KL(softmax(teacher / T) ‖ softmax(student / T))`.
///
/// With the source model, before fine-tuning, as the teacher of its own outputs this is learning without forgetting (Li and Hoiem 2016,
/// arXiv 1606.09282).
///
/// @param student what learns
/// @param teacher what it learns from, without gradient and without dropout; it gets the same augmentation
/// @param labels of all examples
/// @param temperature T: from 2 to 20, more for a larger teacher
/// @param share of the teacher, in [0, 1]
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Distillation(Logits student, Logits teacher, int[] labels, float temperature, float share) implements Objective {
    public Distillation {
        if (!(temperature > 0) || !(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("distillation: temperature " + temperature + ", share " + share
                    + ": the temperature must be positive, the share in [0, 1]");
        }
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        Variable own = student.of(examples, random);
        Tensor taught = Mode.inference(() -> teacher.of(examples, random).value());
        Variable soft = divergence(own, taught, temperature).times(share * temperature * temperature);
        Indices wanted = Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray());
        return share == 1 ? soft : CrossEntropy.PLAIN.of(own, wanted).times(1 - share).plus(soft);
    }

    /// The mean over rows of `KL(softmax(teacher / T) ‖ softmax(student / T))`, in nats; 0 when both say the same.
    ///
    /// @param student `[rows, classes]`
    /// @param teacher `[rows, classes]`
    public static Variable divergence(Variable student, Tensor teacher, float temperature) {
        Shapes.same("distillation", student.shape(), teacher.shape());
        Tensor logQ = teacher.times(1 / temperature).logSoftmax();
        Variable logP = student.times(1 / temperature).logSoftmax();
        Variable gap = Variable.of(logQ).minus(logP).times(Variable.of(logQ.exp()));
        return gap.sum().times(1f / student.shape().dim(0));
    }
}
