package dev.headstart.parity;

import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was compared with a reference, and what was too far from it. A tensor may be away by 4 times its tolerance and 1e-6 of its scale,
/// which is its largest element; of a long tensor's sum and sum of absolutes the scale is the latter, of its norm the norm.
///
/// There may be several attempts, see [ParityRun]: a tensor agrees when it does in one of them.
final class Agreement {
    /// Most elements of a tensor that a case has whole.
    static final int WHOLE = 4096;

    private static final int SUMS = 4;

    private final ParityCase reference;
    private final Map<String, Integer> agreed = new LinkedHashMap<>();
    private final Map<String, List<String>> disagreements = new LinkedHashMap<>();

    Agreement(ParityCase reference) {
        this.reference = reference;
    }

    /// Whether all tensors whose names begin like this have agreed.
    boolean isSettled(String prefix) {
        return reference.tolerance().keySet().stream().filter(name -> name.startsWith(prefix)).allMatch(agreed::containsKey);
    }

    /// How many tensors agreed at the first attempt.
    long atOnce() {
        return agreed.values().stream().filter(attempt -> attempt == 0).count();
    }

    /// Tensors that agreed at a later attempt, with what was wrong at the last one that failed.
    Map<String, List<String>> later() {
        Map<String, List<String>> later = new LinkedHashMap<>(disagreements);
        later.keySet().retainAll(agreed.keySet());
        return later;
    }

    /// References that no attempt agreed with: one line for each number that is too far away.
    List<String> disagreements() {
        return reference.tolerance().keySet().stream().filter(name -> !agreed.containsKey(name))
                .flatMap(name -> disagreements.getOrDefault(name, List.of(name + " was not compared")).stream()).toList();
    }

    /// Compares a tensor in published layout with the reference of this name.
    void compare(int attempt, String name, Tensor ours) {
        if (!agreed.containsKey(name)) {
            List<String> problems = problems(name, ours);
            if (problems.isEmpty()) {
                agreed.put(name, attempt);
            } else {
                disagreements.put(name, problems);
            }
        }
    }

    private List<String> problems(String name, Tensor ours) {
        float[] wanted = reference.tensor(name).toArray();
        List<String> problems = new ArrayList<>();
        if (ours.size() <= WHOLE) {
            if (ours.size() != wanted.length) {
                return List.of(name + " has " + ours.size() + " elements, the reference " + wanted.length);
            }
            demand(problems, name, "", wanted, ours.toArray(), 0, largest(wanted, 0));
            return problems;
        }
        float[] summary = summary(name, ours);
        demand(problems, name, "sum", new float[] {wanted[0]}, new float[] {summary[0]}, 0, wanted[1]);
        demand(problems, name, "sum of absolutes", new float[] {wanted[1]}, new float[] {summary[1]}, 0, wanted[1]);
        demand(problems, name, "norm", new float[] {wanted[2]}, new float[] {summary[2]}, 0, wanted[2]);
        if (wanted[3] != summary[3]) {
            problems.add(name + " has " + summary[3] + " elements, the reference " + wanted[3]);
        }
        demand(problems, name, "sample", wanted, summary, SUMS, largest(wanted, SUMS));
        return problems;
    }

    private void demand(List<String> problems, String name, String what, float[] wanted, float[] ours, int from, double scale) {
        Double tolerance = reference.tolerance().get(name);
        if (tolerance == null) {
            problems.add(name + " has no tolerance in case.json");
            return;
        }
        double allowed = 4 * tolerance + 1e-6 * scale;
        double worst = 0;
        for (int i = from; i < wanted.length; i++) {
            double distance = Math.abs((double) wanted[i] - ours[i]);
            worst = distance <= worst ? worst : distance; // NaN counts as worst
        }
        if (!(worst <= allowed)) {
            problems.add("%s %s is away by %.3g, allowed %.3g (tolerance %.3g, scale %.3g)".formatted(name, what, worst, allowed,
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
