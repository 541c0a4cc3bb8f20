package dev.headstart.parity;

import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// What was compared with a reference, and what was too far from it. A tensor may be away by 4 times its tolerance and 1e-6 of its scale,
/// which is its largest element; of a long tensor's sum and sum of absolutes the scale is the latter, of its norm the norm.
final class Agreement {
    private static final int WHOLE = 4096;
    private static final int SUMS = 4;

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
        compared++;
        float[] wanted = reference.tensor(name).toArray();
        if (ours.size() <= WHOLE) {
            if (ours.size() != wanted.length) {
                disagreements.add(name + " has " + ours.size() + " elements, the reference " + wanted.length);
                return;
            }
            demand(name, "", wanted, ours.toArray(), 0, largest(wanted, 0));
            return;
        }
        float[] summary = summary(name, ours);
        demand(name, "sum", new float[] {wanted[0]}, new float[] {summary[0]}, 0, wanted[1]);
        demand(name, "sum of absolutes", new float[] {wanted[1]}, new float[] {summary[1]}, 0, wanted[1]);
        demand(name, "norm", new float[] {wanted[2]}, new float[] {summary[2]}, 0, wanted[2]);
        if (wanted[3] != summary[3]) {
            disagreements.add(name + " has " + summary[3] + " elements, the reference " + wanted[3]);
        }
        demand(name, "sample", wanted, summary, SUMS, largest(wanted, SUMS));
    }

    private void demand(String name, String what, float[] wanted, float[] ours, int from, double scale) {
        Double tolerance = reference.tolerance().get(name);
        if (tolerance == null) {
            disagreements.add(name + " has no tolerance in case.json");
            return;
        }
        double allowed = 4 * tolerance + 1e-6 * scale;
        double worst = 0;
        for (int i = from; i < wanted.length; i++) {
            double distance = Math.abs((double) wanted[i] - ours[i]);
            worst = distance <= worst ? worst : distance; // NaN counts as worst
        }
        if (!(worst <= allowed)) {
            disagreements.add("%s %s is away by %.3g, allowed %.3g (tolerance %.3g, scale %.3g)".formatted(name, what, worst, allowed,
                    tolerance, scale));
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
