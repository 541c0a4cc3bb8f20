package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.nn.loss.Losses;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.ChannelNorms;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.LayerNorms;
import dev.headstart.tensor.Moments;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Softmaxes;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import dev.headstart.train.measure.ClassificationScore;
import dev.headstart.train.tuning.Anchor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Sums over 2²⁵ rows, or as many as a second allows. A chain of float32 additions stops growing at 2²⁴ equal numbers, and is away by a thousandth
/// much earlier.
class ManyRowsTest {
    private static final int ROWS = 1 << 25;
    private static final double LOW = 0.1f;
    private static final double HIGH = 0.3f;
    private static final double MEAN = (LOW + HIGH) / 2;
    private static final double VARIANCE = (HIGH - LOW) * (HIGH - LOW) / 4;

    /// What chains of 4096 steps, the engine's longest, and their sum in order may lose.
    private static final double CHAINS = 1e-4;
    private static final double TREE = 2e-6;

    private static Tensor numbers = Tensor.scalar(0);

    /// 0.1 and 0.3 by turns.
    @BeforeAll
    static void fill() {
        float[] values = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            values[i] = (float) (i % 2 == 0 ? LOW : HIGH);
        }
        numbers = Tensor.wrap(Shape.of(ROWS, 1), values);
    }

    @AfterAll
    static void release() {
        numbers = Tensor.scalar(0);
    }

    private static void near(double right, double actual, double share) {
        assertEquals(1, actual / right, share, actual + " in place of " + right);
    }

    /// Neither depends on the number of threads.
    private static Tensor computed(Supplier<Tensor> computation) {
        Tensor alone = computation.get();
        assertTrue(alone.bitsEqual(Workers.of(3).call(computation::get)), "threads change bits");
        return alone;
    }

    @Test
    void sums_and_means() {
        near(MEAN * ROWS, numbers.sum().item(), TREE);
        near(MEAN * ROWS, numbers.sum(0).get(0), TREE);
        near(MEAN, numbers.mean().item(), TREE);
        near(MEAN * ROWS / 2, numbers.reshape(ROWS / 2, 2).sum(0).get(0) * MEAN / LOW, TREE);
        near((MEAN * MEAN + VARIANCE) * ROWS, numbers.sumOfSquares().item(), TREE);
    }

    @Test
    void moments_of_a_batch() {
        Moments moments = numbers.moments();
        near(MEAN, moments.mean().get(0), TREE);
        near(VARIANCE, moments.variance().get(0), CHAINS);
    }

    @Test
    void running_statistics() {
        BatchNorm norm = new BatchNorm(1, 1e-5f, 1);
        Variable x = Variable.of(numbers.reshape(1, ROWS, 1).slice(1, 0, ROWS / 4));
        Mode.training(RandomStream.of(1), () -> norm.forward(x));
        near(MEAN, norm.parameters().get("running_mean").value().get(0), TREE);
        near(VARIANCE, norm.parameters().get("running_var").value().get(0), CHAINS);
    }

    @Test
    void gradients_of_shifts_and_biases() {
        near(MEAN * ROWS, Objects.requireNonNull(ChannelNorms.shiftGradients(null, numbers, false, false, false, true)[2]).get(0), CHAINS);
        near(MEAN * ROWS, Objects.requireNonNull(LayerNorms.gradients(null, null, null, null, numbers, false, false, true)[2]).get(0),
                CHAINS);
        Parameter bias = Parameter.of(Tensor.zeros(Shape.of(1)));
        Tensor gradient = Variable.of(Tensor.zeros(Shape.of(ROWS, 1))).plus(bias).backward(numbers).get(bias);
        near(MEAN * ROWS, Objects.requireNonNull(gradient).get(0), TREE);
    }

    @Test
    void gradients_of_weights() {
        near(MEAN * ROWS, numbers.transpose(0, 1).matmul(Tensor.ones(Shape.of(ROWS, 1))).get(0, 0), CHAINS);
    }

    @Test
    void gradients_of_convolutions() {
        Parameter weight = Parameter.of(Tensor.ones(Shape.of(1, 1, 1, 1)));
        Variable x = Variable.of(numbers.reshape(1, 4096, ROWS / 4096, 1));
        Variable y = x.conv2d(weight, null, Conv2dGeometry.DEFAULT);
        near(MEAN * ROWS, Objects.requireNonNull(y.sum().backward().get(weight)).get(0, 0, 0, 0), CHAINS);
    }

    @Test
    void gradients_of_embeddings() {
        int[] ids = new int[ROWS];
        Arrays.fill(ids, 1);
        ids[0] = 0;
        Tensor table = numbers.scatterAddRows(Indices.of(ids), Shape.of(3, 1));
        assertEquals((float) LOW, table.get(0, 0));
        near(MEAN * ROWS, table.get(1, 0), CHAINS);
        assertEquals(0, table.get(2, 0));
    }

    @Test
    void frequent_and_rare_ids_beside_each_other() {
        int n = 1 << 20;
        Tensor x = numbers.reshape(ROWS / 32, 32).slice(0, 0, n);
        int[] ids = IntStream.range(0, n).map(i -> i % 3 == 0 ? 5 : i % 5 == 0 ? 2 : 10 + i % 1009).toArray();
        float[] table = computed(() -> x.scatterAddRows(Indices.of(ids), Shape.of(2000, 32))).toArray();
        for (int id : new int[] {2, 5, 10, 500, 1018, 1500}) {
            long count = Arrays.stream(ids).filter(i -> i == id).count();
            assertEquals(count * LOW, table[id * 32], count * LOW * CHAINS + 1e-9, "row " + id);
            assertEquals(count * HIGH, table[id * 32 + 31], count * HIGH * CHAINS + 1e-9, "row " + id);
        }
    }

    @Test
    void means_of_pictures() {
        Tensor grey = numbers.reshape(1, 4096, ROWS / 4096, 1);
        near(MEAN, computed(() -> grey.adaptiveAvgPool2d(1, 1)).get(0, 0, 0, 0), CHAINS);
        Tensor wide = numbers.reshape(1, 1, ROWS, 1);
        near(MEAN, wide.adaptiveAvgPool2d(1, 1).get(0, 0, 0, 0), CHAINS);
        Tensor channels = numbers.reshape(1, 1024, ROWS / 1024 / 32, 32);
        Tensor means = computed(() -> channels.adaptiveAvgPool2d(1, 1));
        near(LOW, means.get(0, 0, 0, 0), CHAINS);
        near(HIGH, means.get(0, 0, 0, 31), CHAINS);
        near(LOW, channels.avgPool2d(Pool2dGeometry.of(1024, 1), false).get(0, 0, 3, 0), CHAINS);
    }

    @Test
    void softmax_of_a_long_row() {
        int n = ROWS / 4;
        Tensor row = numbers.reshape(4, n).slice(0, 0, 1);
        Tensor p = row.softmax();
        near(1, p.sum().item(), 1e-5);
        near(1 / (n * (1 + Math.exp(LOW - HIGH)) / 2), p.get(0, 1), 1e-5);
        near(-Math.log(n * (1 + Math.exp(LOW - HIGH)) / 2), row.logSoftmax().get(0, 1), 1e-6);
        assertEquals(0, Softmaxes.softmaxGradient(p, Tensor.full(p.shape(), 5)).get(0, 0) * n, 1e-4);
    }

    private static Variable zeros(int rows, int classes) {
        return Variable.of(Tensor.scalar(0)).broadcastTo(Shape.of(rows, classes));
    }

    /// Half of all labels are 1, one of eight is ignored.
    private static Indices labels(int rows) {
        return Indices.of(IntStream.range(0, rows).map(i -> i % 8 == 0 ? -100 : i % 2).toArray());
    }

    @Test
    void cross_entropy_with_weights() {
        for (float smoothing : new float[] {0, 0.1f}) {
            CrossEntropy loss = new CrossEntropy(-100, smoothing, Tensor.of(Shape.of(2), 0.1f, 0.1f));
            int rows = 1 << 21;
            near(Math.log(2), loss.of(zeros(rows, 2), labels(rows)).value().item(), TREE);
            int fewer = 1 << 18;
            Parameter bias = Parameter.of(Tensor.zeros(Shape.of(2)));
            Variable of = loss.of(zeros(fewer, 2).plus(bias), labels(fewer));
            Variable projected = loss.ofProjected(zeros(fewer, 1), Variable.of(Tensor.ones(Shape.of(2, 1))), bias, labels(fewer));
            near(Math.log(2), projected.value().item(), TREE);
            float right = (1 - smoothing) * (0.5f - 4 / 7f); // the ignored labels are 0
            for (Variable each : List.of(of, projected)) {
                near(right, Objects.requireNonNull(each.backward().get(bias)).get(1), 1e-5);
            }
        }
    }

    @Test
    void losses_of_many_elements() {
        Variable x = Variable.of(numbers.reshape(ROWS).slice(0, 0, ROWS / 8));
        Tensor target = Tensor.zeros(Shape.of(ROWS / 8));
        near(MEAN * MEAN + VARIANCE, Losses.meanSquaredError(x, target).value().item(), TREE);
        near((Math.log1p(Math.exp(LOW)) + Math.log1p(Math.exp(HIGH))) / 2, Losses.binaryCrossEntropy(x, target).value().item(), TREE);
    }

    @Test
    void scores() {
        ClassificationScore.Tally tally = new ClassificationScore.Tally(List.of("a", "b"));
        int rows = 1 << 20;
        Tensor logits = Tensor.zeros(Shape.of(rows, 2));
        int[] labels = IntStream.range(0, rows).map(i -> i % 4 == 0 ? 1 : 0).toArray();
        for (int batch = 0; batch < 8; batch++) {
            tally.add(logits, labels);
        }
        ClassificationScore score = tally.score();
        near(Math.log(2), score.loss(), 1e-7);
        assertEquals(0.75, score.accuracy());
        LearningCurve curve = new LearningCurve();
        for (int i = 0; i < ROWS; i++) {
            curve.loss(LOW);
        }
        near(LOW, curve.point(1, 0).loss(), 1e-9);
    }

    @Test
    void fisher_information() {
        Parameter w = Parameter.of(Tensor.scalar(0));
        Objective objective = (examples, random) -> w.times((float) Math.sqrt(examples[0] % 2 == 0 ? LOW : HIGH));
        int[] examples = IntStream.range(0, 1 << 17).toArray();
        Tensor fisher = Anchor.fisher(Parameters.of(Map.of("w", w)), objective, examples, RandomStream.of(1)).get("w");
        assertNotNull(fisher);
        near(MEAN, fisher.item(), 1e-6);
    }
}
