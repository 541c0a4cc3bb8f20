package dev.headstart.parity;

import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What was compared with a reference, and what was too far from it. A number may be away by 4 times its tensor's tolerance and 1e-6 of the
/// tensor's scale, which is its largest element; of a long tensor's sum and sum of absolutes the scale is the latter, of its norm the norm. The
/// scale of a loss after some steps is the first loss: it may have become the small difference of numbers of that size.
///
/// There may be several attempts, see [ParityRun]: each number counts with the attempt that came nearest.
final class Agreement {
    /// Most elements of a tensor that a case has whole.
    static final int WHOLE = 4096;

    private static final int SUMS = 4;

    private final ParityCase reference;
    private final Map<String, double[]> distances = new LinkedHashMap<>(); // of each number, as a multiple of what is allowed
    private final Set<String> later = new LinkedHashSet<>();

    Agreement(ParityCase reference) {
        this.reference = reference;
    }

    /// Whether all tensors whose names begin like this agree.
    boolean isSettled(String prefix) {
        return reference.tolerance().keySet().stream().filter(name -> name.startsWith(prefix)).allMatch(this::agrees);
    }

    private boolean agrees(String name) {
        double[] found = distances.get(name);
        return found != null && Arrays.stream(found).allMatch(distance -> distance <= 1);
    }

    /// How many tensors agreed at the first attempt.
    long atOnce() {
        return distances.keySet().stream().filter(name -> agrees(name) && !later.contains(name)).count();
    }

    /// Tensors that needed more than the first attempt.
    Set<String> later() {
        return later;
    }

    /// One line for each tensor that does not agree.
    List<String> disagreements() {
        List<String> lines = new ArrayList<>();
        for (String name : reference.tolerance().keySet()) {
            double[] found = distances.get(name);
            if (found == null) {
                lines.add(name + " was not compared");
            } else if (!agrees(name)) {
                int worst = worst(found);
                lines.add("%s: number %d of %d is away by %.3g times what is allowed (%.3g); the reference is %.6g".formatted(name, worst,
                        found.length, found[worst], allowed(name)[worst], reference.tensor(name).toArray()[worst]));
            }
        }
        return lines;
    }

    private static int worst(double[] found) {
        int worst = 0;
        for (int i = 0; i < found.length; i++) {
            worst = found[i] <= found[worst] ? worst : i; // NaN counts as worst
        }
        return worst;
    }

    /// Compares a tensor in published layout with the reference of this name.
    void compare(String name, Tensor ours) {
        if (agrees(name)) {
            return;
        }
        double[] before = distances.get(name);
        double[] now = distances(name, ours);
        for (int i = 0; before != null && i < now.length; i++) {
            now[i] = before[i] <= now[i] ? before[i] : now[i];
        }
        if (before != null) {
            later.add(name);
        }
        distances.put(name, now);
    }

    private double[] distances(String name, Tensor ours) {
        float[] wanted = reference.tensor(name).toArray();
        double[] numbers = ours.size() <= WHOLE ? elements(ours) : summary(name, ours);
        double[] allowed = allowed(name);
        double[] found = new double[wanted.length];
        for (int i = 0; i < found.length; i++) {
            double distance = numbers.length == wanted.length ? Math.abs(wanted[i] - numbers[i]) : Double.NaN;
            found[i] = distance == 0 ? 0 : distance / allowed[i];
        }
        return found;
    }

    /// How far away each number may be.
    private double[] allowed(String name) {
        float[] wanted = reference.tensor(name).toArray();
        boolean sampled = wanted.length == SUMS + HashFill.SAMPLE && wanted[SUMS - 1] > WHOLE;
        double scale = largest(wanted, sampled ? SUMS : 0);
        if (name.endsWith("3.loss")) {
            scale = Math.max(scale, largest(reference.tensor("train.loss").toArray(), 0));
        }
        double tolerance = 4 * reference.tolerance().getOrDefault(name, 0.0);
        double[] allowed = new double[wanted.length];
        Arrays.fill(allowed, tolerance + 1e-6 * scale);
        if (sampled) {
            allowed[0] = tolerance + 1e-6 * wanted[1];
            allowed[1] = allowed[0];
            allowed[2] = tolerance + 1e-6 * wanted[2];
            allowed[3] = 0; // the number of elements
        }
        return allowed;
    }

    private static double largest(float[] values, int from) {
        double largest = 0;
        for (int i = from; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }

    private static double[] elements(Tensor tensor) {
        float[] values = tensor.toArray();
        double[] elements = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            elements[i] = values[i];
        }
        return elements;
    }

    /// Sum, sum of absolutes, norm, number of elements, and the elements at the sample's positions.
    private static double[] summary(String name, Tensor tensor) {
        int[] positions = HashFill.samplePositions(name, tensor.size());
        double[] summary = new double[SUMS + positions.length];
        double squares = 0;
        int row = tensor.size() / tensor.dim(0);
        for (int i = 0; i < tensor.dim(0); i++) { // row by row: the tensor may be large
            float[] values = tensor.slice(0, i, i + 1).toArray();
            for (float value : values) {
                summary[0] += value;
                summary[1] += Math.abs(value);
                squares += (double) value * value;
            }
            for (int p = 0; p < positions.length; p++) {
                if (positions[p] / row == i) {
                    summary[SUMS + p] = values[positions[p] % row];
                }
            }
        }
        summary[2] = Math.sqrt(squares);
        summary[3] = (float) tensor.size(); // as the reference is read
        return summary;
    }
}
