package dev.headstart.nn.generative;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.nn.Golden;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.objective.ContrastiveDivergence;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The same uniform numbers give the trajectory that a short numpy program gives: every drawn unit is equal, means and weights as far as float32 goes.
class RbmGoldenTest {
    private final Golden golden = Golden.open("rbm");

    RbmGoldenTest() throws IOException {}

    private Rbm machine(Rbm.Units units) {
        Rbm rbm = new Rbm(12, 7, units, RandomStream.of(0));
        rbm.parameters().byName().forEach((name, parameter) -> parameter.take(golden.tensor(name)));
        return rbm;
    }

    private Noise noise() {
        return Noise.of(golden.tensor("uniforms").toArray());
    }

    @ParameterizedTest
    @CsvSource({"cd1, 1, false", "cd3, 3, false", "pcd2, 2, true"})
    void learning_follows_the_program(String name, int rounds, boolean persistent) {
        Rbm rbm = machine(Rbm.Units.BERNOULLI);
        Tensor data = golden.tensor("data");
        ContrastiveDivergence objective = persistent
                ? new ContrastiveDivergence(rbm, data, rounds, Parameter.buffer(data), 0, 0.1)
                : ContrastiveDivergence.of(rbm, data, rounds);
        Parameters all = rbm.parameters();
        Sgd sgd = Sgd.of(List.of(ParamGroup.of(all.select("weight")).rate(0.1).decay(0.001), ParamGroup.of(all.select("*_bias")).rate(0.1)),
                Schedule.constant(), Double.POSITIVE_INFINITY, 0.5, false);
        Noise noise = noise();
        for (int step = 0; step < 20; step++) {
            sgd.step(objective.loss(data, noise).backward());
            if (persistent) {
                Tensor end = golden.tensor(name + ".ends").slice(0, step, step + 1).reshape(data.shape());
                assertTrue(objective.parameters().get("chains").value().bitsEqual(end.copy()), "chains at step " + step);
            }
        }
        all.byName().forEach((parameter, value) -> golden.same(name + "." + parameter, value.value()));
    }

    @Test
    void a_dream_is_the_same_to_the_last_unit() {
        Rbm rbm = machine(Rbm.Units.BERNOULLI);
        Noise noise = noise();
        Tensor v = golden.tensor("data");
        for (int round = 0; round < 50; round++) {
            v = rbm.gibbs(v, 1, noise);
            assertTrue(v.bitsEqual(golden.tensor("gibbs").slice(0, round, round + 1).reshape(v.shape()).copy()), "round " + round);
        }
        assertEquals(1, v.max().item());
    }

    @Test
    void gaussian_units_too() {
        Rbm rbm = machine(Rbm.Units.GAUSSIAN);
        Noise noise = noise();
        Tensor v = golden.tensor("data");
        for (int round = 0; round < 20; round++) {
            v = rbm.gibbs(v, 1, noise);
            Tensor expected = golden.tensor("gaussian").slice(0, round, round + 1).reshape(v.shape());
            assertTrue(v.minus(expected).abs().max().item() < 1e-4f, "round " + round);
        }
    }
}
