package dev.headstart.nn.generative;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Checkpoints;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Sequential;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import dev.headstart.train.objective.AnnealedImportance;
import dev.headstart.train.objective.ContrastiveDivergence;
import dev.headstart.train.objective.EnergyGap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Machines small enough to be counted through.
class RbmTest {
    private static final int V = 8;
    private static final int H = 6;

    /// A machine with weights of deviation 1: multimodal, but countable.
    private static Rbm machine(Rbm.Units units, float deviation) {
        Rbm rbm = new Rbm(V, H, units, RandomStream.of(3));
        RandomStream random = RandomStream.of(4);
        rbm.parameters().byName().forEach((name, parameter) -> parameter.take(random.child(name).normal(parameter.shape(), 0, deviation)));
        return rbm;
    }

    private static double[] bits(int number, int count) {
        double[] bits = new double[count];
        for (int i = 0; i < count; i++) {
            bits[i] = (number >> i) & 1;
        }
        return bits;
    }

    private static Tensor all(int count) {
        float[] values = new float[count * (1 << count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((i / count) >> (i % count)) & 1;
        }
        return Tensor.wrap(Shape.of(1 << count, count), values);
    }

    private static double dot(double[] a, Tensor b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b.get(i);
        }
        return sum;
    }

    /// What reaches the visible units, Wᵀh, in double precision.
    private static double[] down(Rbm rbm, double[] h) {
        double[] sums = new double[V];
        for (int i = 0; i < V; i++) {
            for (int j = 0; j < H; j++) {
                sums[i] += h[j] * rbm.weight().value().get(j, i);
            }
        }
        return sums;
    }

    /// log Σ_h e^-E(v, h), state by state.
    private static double minusFreeEnergy(Rbm rbm, double[] v) {
        double sum = 0;
        for (int state = 0; state < 1 << H; state++) {
            double[] h = bits(state, H);
            double energy = -dot(h, rbm.hiddenBias().value());
            double[] input = down(rbm, h);
            for (int i = 0; i < V; i++) {
                double b = rbm.visibleBias().value().get(i);
                energy -= v[i] * input[i];
                energy += rbm.units() == Rbm.Units.BERNOULLI ? -b * v[i] : 0.5 * (v[i] - b) * (v[i] - b);
            }
            sum += Math.exp(-energy);
        }
        return Math.log(sum);
    }

    /// log Z over all states; of Gaussian visible units the integral.
    private static double exactLogZ(Rbm rbm) {
        double sum = 0;
        if (rbm.units() == Rbm.Units.BERNOULLI) {
            for (int state = 0; state < 1 << V; state++) {
                sum += Math.exp(minusFreeEnergy(rbm, bits(state, V)));
            }
            return Math.log(sum);
        }
        for (int state = 0; state < 1 << H; state++) {
            double[] h = bits(state, H);
            double exponent = dot(h, rbm.hiddenBias().value());
            double[] input = down(rbm, h);
            for (int i = 0; i < V; i++) {
                exponent += input[i] * rbm.visibleBias().value().get(i) + 0.5 * input[i] * input[i];
            }
            sum += Math.exp(exponent);
        }
        return Math.log(sum) + 0.5 * V * Math.log(2 * Math.PI);
    }

    @ParameterizedTest
    @EnumSource
    void free_energy_sums_over_all_hidden_states(Rbm.Units units) {
        Rbm rbm = machine(units, 0.7f);
        Tensor v = units == Rbm.Units.BERNOULLI ? all(V) : RandomStream.of(9).normal(Shape.of(40, V), 0, 1);
        Tensor energy = rbm.freeEnergy(Variable.of(v)).value();
        for (int row = 0; row < v.dim(0); row++) {
            double[] values = new double[V];
            for (int i = 0; i < V; i++) {
                values[i] = v.get(row, i);
            }
            assertEquals(-minusFreeEnergy(rbm, values), energy.get(row), 2e-5);
        }
    }

    @Test
    void the_gradient_is_the_difference_of_correlations() {
        Rbm rbm = machine(Rbm.Units.BERNOULLI, 0.7f);
        Tensor v = Noise.of(RandomStream.of(1)).bernoulli(Tensor.full(Shape.of(10, V), 0.5f));
        RandomStream random = RandomStream.of(2);
        Gradients gradients = ContrastiveDivergence.of(rbm, v, 1).loss(v, Noise.of(random)).backward();
        Tensor h = rbm.hiddenMeans(v);
        Tensor end = rbm.visibleMeans(Noise.of(random).bernoulli(h));
        Tensor hEnd = rbm.hiddenMeans(end);
        Tensor expected = hEnd.transpose(0, 1).matmul(end).minus(h.transpose(0, 1).matmul(v)).times(0.1f);
        near(expected, Objects.requireNonNull(gradients.get(rbm.weight())));
        near(end.minus(v).mean(0), Objects.requireNonNull(gradients.get(rbm.visibleBias())));
        near(hEnd.minus(h).mean(0), Objects.requireNonNull(gradients.get(rbm.hiddenBias())));
    }

    private static void near(Tensor expected, Tensor actual) {
        assertEquals(0, expected.minus(actual).abs().max().item(), 2e-6);
    }

    @ParameterizedTest
    @EnumSource
    void annealing_finds_the_partition_function(Rbm.Units units) {
        Rbm rbm = machine(units, units == Rbm.Units.BERNOULLI ? 1f : 0.4f);
        double exact = exactLogZ(rbm);
        AnnealedImportance estimate = AnnealedImportance.of(rbm, 200, 1000, Noise.of(RandomStream.of(6)));
        assertEquals(exact, estimate.logZ(), 4 * estimate.standardError());
        assertTrue(estimate.standardError() > 0 && estimate.standardError() < 0.05, estimate.toString());
        AnnealedImportance rough = AnnealedImportance.of(rbm, 200, 1, Noise.of(RandomStream.of(6)));
        assertTrue(rough.standardError() > estimate.standardError(), "without steps between it is worse: " + rough);
    }

    @Test
    void long_chains_have_the_machines_distribution() {
        Rbm rbm = machine(Rbm.Units.BERNOULLI, 0.7f);
        Tensor v = rbm.gibbs(Tensor.zeros(Shape.of(20_000, V)), 60, Noise.of(RandomStream.of(8)));
        double[] counts = new double[1 << V];
        float[] values = v.toArray();
        for (int row = 0; row < 20_000; row++) {
            int state = 0;
            for (int i = 0; i < V; i++) {
                state += values[row * V + i] == 1 ? 1 << i : 0;
            }
            counts[state] += 1 / 20_000.0;
        }
        double logZ = exactLogZ(rbm);
        double distance = 0;
        for (int state = 0; state < 1 << V; state++) {
            distance += 0.5 * Math.abs(counts[state] - Math.exp(minusFreeEnergy(rbm, bits(state, V)) - logZ));
        }
        assertTrue(distance < 0.06, "total variation " + distance);
    }

    /// Eight units that are all on, all off, or half and half.
    private static Tensor bars() {
        return Tensor.of(Shape.of(4, V), 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static double logLikelihood(Rbm rbm) {
        return -rbm.meanFreeEnergy(bars()) - exactLogZ(rbm);
    }

    private static Trainer trainer(ContrastiveDivergence objective, double momentum) {
        Sgd sgd = Sgd.of(List.of(ParamGroup.of(objective.parameters()).rate(0.1)), Schedule.constant(), Double.POSITIVE_INFINITY, momentum,
                false);
        return Trainer.of(objective, objective.parameters(), sgd, Batches.of(4, 4, RandomStream.of(1)), RandomStream.of(2));
    }

    @Test
    void contrastive_divergence_learns_a_distribution() {
        Rbm rbm = new Rbm(V, H, Rbm.Units.BERNOULLI, RandomStream.of(5));
        assertEquals(-V * Math.log(2), logLikelihood(rbm), 0.05);
        trainer(ContrastiveDivergence.of(rbm, bars(), 1), 0.5).run(400);
        assertTrue(logLikelihood(rbm) > -3.2, "CD-1: " + logLikelihood(rbm));
        Rbm other = new Rbm(V, H, Rbm.Units.BERNOULLI, RandomStream.of(5));
        trainer(ContrastiveDivergence.persistent(other, bars(), 1, 100, RandomStream.of(7)), 0).run(1500);
        assertTrue(logLikelihood(other) > -1.9, "persistent: " + logLikelihood(other));
        assertTrue(logLikelihood(other) <= -Math.log(4) + 1e-4, "no distribution is likelier than that of the data");
    }

    @Test
    void gaussian_units_learn_where_data_are() {
        Tensor data = RandomStream.of(1).normal(Shape.of(64, V), 2, 1);
        Rbm rbm = new Rbm(V, H, Rbm.Units.GAUSSIAN, RandomStream.of(5));
        ContrastiveDivergence objective = ContrastiveDivergence.of(rbm, data, 1);
        double before = EnergyGap.of(rbm, data, data).reconstructionError();
        Trainer.of(objective, objective.parameters(), Sgd.of(ParamGroup.of(objective.parameters()).rate(0.01)),
                Batches.of(64, 16, RandomStream.of(1)), RandomStream.of(2)).run(600);
        EnergyGap after = EnergyGap.of(rbm, data, data);
        assertTrue(after.reconstructionError() < 0.4 * before, before + " to " + after);
        assertEquals(0, after.gap());
    }

    @Test
    void sparse_hidden_units_are_seldom_active() {
        Rbm plain = new Rbm(V, H, Rbm.Units.BERNOULLI, RandomStream.of(5));
        trainer(ContrastiveDivergence.of(plain, bars(), 1), 0.5).run(400);
        Rbm sparse = new Rbm(V, H, Rbm.Units.BERNOULLI, RandomStream.of(5));
        trainer(ContrastiveDivergence.of(sparse, bars(), 1).sparse(1, 0.1), 0.5).run(400);
        double share = sparse.hiddenMeans(bars()).mean().item();
        assertTrue(share < 0.25 && plain.hiddenMeans(bars()).mean().item() > 0.35, "active " + share);
    }

    @Test
    void checkpoints_hold_the_chains(@TempDir Path folder) {
        Rbm straight = new Rbm(V, H, Rbm.Units.BERNOULLI, RandomStream.of(5));
        ContrastiveDivergence whole = ContrastiveDivergence.persistent(straight, bars(), 2, 10, RandomStream.of(7));
        trainer(whole, 0.5).run(30);
        Rbm first = new Rbm(V, H, Rbm.Units.BERNOULLI, RandomStream.of(5));
        trainer(ContrastiveDivergence.persistent(first, bars(), 2, 10, RandomStream.of(7)), 0.5).checkpoints(Checkpoints.in(folder), 10)
                .run(20);
        Rbm second = new Rbm(V, H, Rbm.Units.BERNOULLI, RandomStream.of(99));
        ContrastiveDivergence rest = ContrastiveDivergence.persistent(second, bars(), 2, 10, RandomStream.of(77));
        trainer(rest, 0.5).checkpoints(Checkpoints.in(folder), 10).run(30);
        whole.parameters().byName().forEach((name, expected) -> assertTrue(
                expected.value().bitsEqual(rest.parameters().get(name).value()), name));
    }

    @Test
    void momentum_may_change_on_the_way() {
        Parameter w = Parameter.of(Tensor.scalar(0));
        Sgd sgd = Sgd.of(List.of(ParamGroup.of(Parameters.of(Map.of("w", w))).rate(1)), Schedule.constant(),
                Double.POSITIVE_INFINITY, 0.9, step -> step < 2 ? 5 / 9.0 : 1, false);
        double speed = 0;
        double at = 0;
        for (int step = 0; step < 5; step++) {
            sgd.step(w.times(-1f).sum().backward());
            speed = (step == 0 ? 0 : step < 2 ? 0.5 : 0.9) * speed - 1;
            at -= speed;
            assertEquals(at, w.value().item(), 1e-5);
        }
    }

    @Test
    void a_net_unrolls_into_a_classifier_that_sees_what_the_net_sees() {
        DeepBeliefNet net = new DeepBeliefNet(Rbm.Units.BERNOULLI, RandomStream.of(1), V, 6, 5);
        net.parameters().byName().forEach((name, p) -> p.take(RandomStream.of(2).child(name).normal(p.shape(), 0, 1)));
        Sequential classifier = net.unroll(3, RandomStream.of(3));
        Linear head = (Linear) classifier.layers().getLast();
        Tensor expected = net.up(all(V), 2).linear(head.weight().value(), head.parameters().get("bias").value());
        Tensor logits = Mode.inference(() -> classifier.forward(Variable.of(all(V)))).value();
        assertTrue(expected.bitsEqual(logits));
        assertEquals(Shape.of(3, 5), head.weight().shape());
        assertEquals(List.of("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"),
                List.copyOf(classifier.parameters().byName().keySet()));
        net.machines().getFirst().weight().take(Tensor.zeros(Shape.of(6, V)));
        assertTrue(logits.bitsEqual(classifier.forward(Variable.of(all(V))).value()), "the parameters are copies");
        assertEquals(1_665_010, new DeepBeliefNet(Rbm.Units.BERNOULLI, RandomStream.of(1), 784, 500, 500, 2000)
                .unroll(10, RandomStream.of(2)).parameters().count());
    }

    @Test
    void a_net_dreams_data() {
        DeepBeliefNet net = new DeepBeliefNet(Rbm.Units.BERNOULLI, RandomStream.of(1), V, 6, 5, 4);
        Tensor dream = net.generate(7, 3, Noise.of(RandomStream.of(2)));
        assertEquals(Shape.of(7, V), dream.shape());
        assertTrue(dream.min().item() > 0 && dream.max().item() < 1);
        assertTrue(dream.bitsEqual(net.generate(7, 3, Noise.of(RandomStream.of(2)))));
        assertThrows(IllegalArgumentException.class, () -> new DeepBeliefNet(Rbm.Units.BERNOULLI, RandomStream.of(1), V));
    }

    @Test
    void fixed_noise_ends() {
        assertEquals("noise: [2] is wanted, 1 of 3 numbers are left", assertThrows(IllegalStateException.class, () -> {
            Noise noise = Noise.of(0.1f, 0.2f, 0.3f);
            noise.uniform(Shape.of(2));
            noise.uniform(Shape.of(2));
        }).getMessage());
    }
}
