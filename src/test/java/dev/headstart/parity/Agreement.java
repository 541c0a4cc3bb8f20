package dev.headstart.parity;

import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/// What was compared with a reference, and what was too far from it. A number may be away by 4 times its tensor's tolerance and 1e-6 of the
/// tensor's scale, which is its largest element; of a long tensor's sum and sum of absolutes the scale is the latter, of its norm the norm. The
/// scale of a loss after some steps is the first loss: it may have become the small difference of numbers of that size.
///
/// A gradient that is zero by mathematics (the bias of attention's keys, one before batch norm) is rounding in any float32 run: it may be as
/// large as the last bit of the case's largest gradient.
///
/// A step of AdamW is rate · g / (|g| + eps) at first: where a gradient is not far above what it may be away by itself, the step is that
/// rounding's, in any float32 run. So a result of AdamW may be away by what its gradient's tolerance can make of it too ([#widen]), up to the
/// whole of the steps: there the gradient is judged, not the step. Where gradients are larger this is nothing.
///
/// There may be several attempts, see [ParityRun]: each number counts with the attempt that came nearest.
final class Agreement {
    /// Most elements of a tensor that a case has whole.
    static final int WHOLE = 4096;

    static final double RATE = 1e-3; // of AdamW
    private static final double EPS = 1e-8;
    private static final int SUMS = 4;

    private final ParityCase reference;
    private final double largestGradient;
    private final int rounds;
    private final Map<String, double[]> distances = new LinkedHashMap<>(); // of each number, as a multiple of what is allowed
    private final Map<String, double[]> widened = new LinkedHashMap<>(); // by how much more each number may be away
    private final Set<String> later = new LinkedHashSet<>();

    /// @param rounds how many times the tolerance parameters may be away after steps: where a network decides by signs, each step has decisions
    /// of its own
    Agreement(ParityCase reference, int rounds) {
        this.reference = reference;
        this.rounds = rounds;
        this.largestGradient = reference.names("grad.").stream().mapToDouble(name -> {
            float[] values = reference.tensor("grad." + name).toArray();
            return largest(values, isSampled(values) ? SUMS : 0);
        }).max().orElse(0);
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

    /// How many numbers of AdamW's results may be away by more than a tenth of a step: those that are judged by their gradient.
    long judgedByGradient() {
        return widened.values().stream()
                .mapToLong(more -> Arrays.stream(more, more.length == SUMS + HashFill.SAMPLE ? SUMS : 0, more.length)
                        .filter(distance -> distance > 0.1 * RATE).count())
                .sum();
    }

    /// Allows a result of AdamW what the tolerance of its gradient can make of its steps: `rate · min(2, 2 δ / (|g| + eps))` for each. A
    /// gradient of zero has nothing to round.
    ///
    /// @param gradient of the first step, in published layout
    void widen(String parameter, Tensor gradient, int steps) {
        double[] allowed = allowed("grad." + parameter);
        double delta = allowed[allowed.length - 1];
        String name = "adamw3." + parameter;
        double[] more = numbers(name, gradient,
                g -> g == 0 ? 0 : steps * RATE * Math.min(2, 2 * delta / (Math.abs(g) + EPS)));
        if (isSampled(reference.tensor(name).toArray())) {
            more[SUMS - 1] = 0; // the number of elements
        }
        widened.put(name, more);
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
        double[] numbers = numbers(name, ours, x -> x);
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
        boolean sampled = isSampled(wanted);
        double scale = largest(wanted, sampled ? SUMS : 0);
        if (name.endsWith("3.loss")) {
            scale = Math.max(scale, largest(reference.tensor("train.loss").toArray(), 0));
        }
        double tolerance = 4 * reference.tolerance().getOrDefault(name, 0.0);
        if (name.startsWith("adamw3.") || name.startsWith("sgd3.")) {
            tolerance *= rounds;
        }
        if (name.startsWith("grad.") && scale <= tolerance) {
            tolerance = Math.max(tolerance, 0x1p-23 * largestGradient);
        }
        double[] allowed = new double[wanted.length];
        Arrays.fill(allowed, tolerance + 1e-6 * scale);
        if (sampled) {
            allowed[0] = tolerance + 1e-6 * wanted[1];
            allowed[1] = allowed[0];
            allowed[2] = tolerance + 1e-6 * wanted[2];
            allowed[3] = 0; // the number of elements
        }
        double[] more = widened.get(name);
        for (int i = 0; more != null && i < Math.min(more.length, allowed.length); i++) {
            allowed[i] += more[i];
        }
        return allowed;
    }

    /// Whether a reference is a sample with its sums: the last of them is the number of elements.
    private static boolean isSampled(float[] wanted) {
        float size = wanted.length == SUMS + HashFill.SAMPLE ? wanted[SUMS - 1] : 0;
        return size > wanted.length && size == Math.rint(size);
    }

    /// A function of a tensor's elements, sampled and summed as the reference of this name is.
    private double[] numbers(String name, Tensor tensor, DoubleUnaryOperator function) {
        return isSampled(reference.tensor(name).toArray()) ? summary(name, tensor, function) : elements(tensor, function);
    }

    private static double largest(float[] values, int from) {
        double largest = 0;
        for (int i = from; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }

    private static double[] elements(Tensor tensor, DoubleUnaryOperator function) {
        float[] values = tensor.toArray();
        double[] elements = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            elements[i] = function.applyAsDouble(values[i]);
        }
        return elements;
    }

    /// Sum, sum of absolutes, norm, number of elements, and the elements at the sample's positions.
    private static double[] summary(String name, Tensor tensor, DoubleUnaryOperator function) {
        int[] positions = HashFill.samplePositions(name, tensor.size());
        double[] summary = new double[SUMS + positions.length];
        double squares = 0;
        int row = tensor.size() / tensor.dim(0);
        for (int i = 0; i < tensor.dim(0); i++) { // row by row: the tensor may be large
            float[] values = tensor.slice(0, i, i + 1).toArray();
            for (float element : values) {
                double value = function.applyAsDouble(element);
                summary[0] += value;
                summary[1] += Math.abs(value);
                squares += value * value;
            }
            for (int p = 0; p < positions.length; p++) {
                if (positions[p] / row == i) {
                    summary[SUMS + p] = function.applyAsDouble(values[positions[p] % row]);
                }
            }
        }
        summary[2] = Math.sqrt(squares);
        summary[3] = (float) tensor.size(); // as the reference is read
        return summary;
    }
}
