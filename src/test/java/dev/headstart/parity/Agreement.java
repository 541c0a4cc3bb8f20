package dev.headstart.parity;

import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// What was compared with a reference, and what was too far from it. A tensor may be away by 4 times its tolerance and 1e-6 of its scale,
/// which is its largest element; of a long tensor's sum and sum of absolutes the scale is the latter, of its norm the norm.
///
/// That says too little in two cases, in which what one float32 run is off by is chance, and what another is off by is more as often as less:
///
/// - A gradient that is zero in exact arithmetic (of a bias that softmax takes out again: attention's keys, a span's logits) is what its terms'
///   rounding leaves. It has no scale of its own, but the one of its terms, for which the largest of all gradients stands.
/// - AdamW divides a gradient by its own size, so that it is a gradient's *relative* error that the parameter shows. An element may be away by
///   the steps taken times the share of the gradient that may be wrong.
final class Agreement {
    /// Most elements of a tensor that a case has whole.
    static final int WHOLE = 4096;

    private static final int SUMS = 4;
    private static final double ZERO = 1e-12; // what float64's rounding leaves of it

    private final ParityCase reference;
    private final List<String> disagreements = new ArrayList<>();
    private int compared;

    Agreement(ParityCase reference) {
        this.reference = reference;
    }

    /// Number of tensors compared.
    int compared() {
        return compared;
    }

    /// One line for each tensor that is too far away.
    List<String> disagreements() {
        return disagreements;
    }

    /// Compares a tensor in published layout with the reference of this name.
    void compare(String name, Tensor ours) {
        compare(name, ours, new float[0]);
    }

    /// Compares a parameter after steps of AdamW.
    ///
    /// @param steps learning rates of all steps together
    /// @param gradient the first step's, in published layout
    void compareStepped(String name, Tensor ours, double steps, Tensor gradient) {
        String of = "grad." + name.substring(name.indexOf('.') + 1);
        double wrong = allowed(of, scale(of, values(of)));
        float[] slack = gradient.toArray();
        for (int i = 0; i < slack.length; i++) {
            slack[i] = (float) (steps * Math.min(1, wrong / Math.abs(slack[i])));
        }
        compare(name, ours, slack);
    }

    /// What a case has of a tensor: all its elements, or a sample of them.
    private float[] values(String name) {
        float[] values = reference.tensor(name).toArray();
        boolean sample = values.length == SUMS + 2 * HashFill.SAMPLED + HashFill.HASHED && values[SUMS - 1] > WHOLE;
        return sample ? java.util.Arrays.copyOfRange(values, SUMS, values.length) : values;
    }

    private double scale(String name, float[] values) {
        double largest = largest(values, 0);
        if (name.startsWith("grad.") && largest < ZERO) {
            return reference.names("grad.").stream().mapToDouble(other -> largest(values("grad." + other), 0)).max().orElse(0);
        }
        return largest;
    }

    private double allowed(String name, double scale) {
        return 4 * reference.tolerance().getOrDefault(name, Double.NaN) + 1e-6 * scale;
    }

    private void compare(String name, Tensor ours, float[] slack) {
        compared++;
        float[] wanted = reference.tensor(name).toArray();
        if (ours.size() <= WHOLE) {
            if (ours.size() != wanted.length) {
                disagreements.add(name + " has " + ours.size() + " elements, the reference " + wanted.length);
                return;
            }
            demand(name, "", wanted, ours.toArray(), 0, scale(name, wanted), slack);
            return;
        }
        float[] summary = summary(name, ours);
        demand(name, "sum", wanted, summary, 0, wanted[1]);
        demand(name, "sum of absolutes", wanted, summary, 1, wanted[1]);
        demand(name, "norm", wanted, summary, 2, wanted[2]);
        if (wanted[3] != summary[3]) {
            disagreements.add(name + " has " + summary[3] + " elements, the reference " + wanted[3]);
        }
        demand(name, "sample", wanted, summary, SUMS, scale(name, values(name)), sampled(name, ours.size(), slack));
    }

    /// The slack of a sample's elements, after what stands for its sums.
    private static float[] sampled(String name, int n, float[] slack) {
        if (slack.length == 0) {
            return slack;
        }
        int[] positions = HashFill.samplePositions(name, n);
        float[] sampled = new float[SUMS + positions.length];
        for (int p = 0; p < positions.length; p++) {
            sampled[SUMS + p] = slack[positions[p]];
        }
        return sampled;
    }

    /// Of one number of a long tensor's summary.
    private void demand(String name, String what, float[] wanted, float[] ours, int at, double scale) {
        demand(name, what, new float[] {wanted[at]}, new float[] {ours[at]}, 0, scale, new float[0]);
    }

    private void demand(String name, String what, float[] wanted, float[] ours, int from, double scale, float[] slack) {
        if (!reference.tolerance().containsKey(name)) {
            disagreements.add(name + " has no tolerance in case.json");
            return;
        }
        double allowed = allowed(name, scale);
        double worst = 0;
        for (int i = from; i < wanted.length; i++) {
            double distance = Math.abs((double) wanted[i] - ours[i]) - (slack.length == 0 ? 0 : slack[i]);
            worst = distance <= worst ? worst : distance; // NaN counts as worst
        }
        if (!(worst <= allowed)) {
            disagreements.add("%s %s is away by %.3g%s, allowed %.3g (tolerance %.3g, scale %.3g)".formatted(name, what, worst,
                    slack.length == 0 ? "" : " more than its gradient", allowed, reference.tolerance().get(name), scale));
        }
    }

    private static double largest(float[] values, int from) {
        double largest = 0;
        for (int i = from; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }

    /// Sum, sum of absolutes, norm, number of elements, and the elements at the sample's positions.
    private static float[] summary(String name, Tensor tensor) {
        int[] positions = HashFill.samplePositions(name, tensor.size());
        float[] summary = new float[SUMS + positions.length];
        double sum = 0;
        double absolutes = 0;
        double squares = 0;
        int row = tensor.size() / tensor.dim(0);
        for (int i = 0; i < tensor.dim(0); i++) { // row by row: the tensor may be large
            float[] values = tensor.slice(0, i, i + 1).toArray();
            for (float value : values) {
                sum += value;
                absolutes += Math.abs(value);
                squares += (double) value * value;
            }
            for (int p = 0; p < positions.length; p++) {
                if (positions[p] / row == i) {
                    summary[SUMS + p] = values[positions[p] % row];
                }
            }
        }
        summary[0] = (float) sum;
        summary[1] = (float) absolutes;
        summary[2] = (float) Math.sqrt(squares);
        summary[3] = tensor.size();
        return summary;
    }
}
