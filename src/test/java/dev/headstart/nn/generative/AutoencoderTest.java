package dev.headstart.nn.generative;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.loss.Likelihood;
import dev.headstart.nn.loss.Losses;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.testkit.GradientCheck;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.objective.LayerWise;
import dev.headstart.train.objective.Reconstruction;
import dev.headstart.train.objective.VariationalReconstruction;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What each kind of autoencoder is for, on data that lie near a plane.
class AutoencoderTest {
    private static final RandomStream RANDOM = RandomStream.of(21);
    private static final int WIDTH = 8;

    /// 200 rows in [0, 1] with two degrees of freedom.
    private static Tensor data() {
        Tensor plane = RANDOM.child("plane").normal(Shape.of(200, 2), 0, 1);
        return plane.matmul(RANDOM.child("axes").normal(Shape.of(2, WIDTH), 0, 1.5f)).sigmoid();
    }

    private static TrainingResult learn(Part model, Objective objective, int steps) {
        return Trainer.of(objective, model.parameters(),
                Adam.adam(List.of(ParamGroup.of(model.parameters()).rate(0.01)), Schedule.constant(), Double.POSITIVE_INFINITY),
                Batches.of(200, 50, RANDOM.child("batches")), RANDOM.child("steps")).run(steps);
    }

    private static double explained(Autoencoder model, int steps, Corruption corruption) {
        Reconstruction objective = Reconstruction.of(model, data(), Likelihood.BERNOULLI).corrupted(corruption);
        learn(model, objective, steps);
        return Reconstruction.explained(data(), objective.reconstruct(data()));
    }

    @Test
    void a_code_of_two_numbers_holds_what_varies_in_two_ways() {
        double narrow = explained(Autoencoder.fullyConnected(Activation.TANH, false, RANDOM, WIDTH, 1), 600, new Corruption.None());
        double enough = explained(Autoencoder.fullyConnected(Activation.TANH, false, RANDOM, WIDTH, 2), 600, new Corruption.None());
        double deep = explained(Autoencoder.fullyConnected(Activation.TANH, false, RANDOM, WIDTH, 16, 2), 600, new Corruption.None());
        assertTrue(enough > 0.9 && narrow < 0.8, "explained by one number " + narrow + ", by two " + enough);
        assertTrue(deep > 0.95, "deep " + deep);
    }

    @Test
    void a_tied_weight_is_one_parameter_with_both_gradients() {
        Autoencoder tied = Autoencoder.fullyConnected(Activation.SIGMOID, true, RANDOM, WIDTH, 5);
        assertEquals(List.of("encoder.0.weight", "encoder.0.bias", "decoder.0.bias"), List.copyOf(tied.parameters().byName().keySet()));
        Tensor x = data().slice(0, 0, 7);
        Parameter weight = tied.parameters().get("encoder.0.weight");
        Gradients gradients = Likelihood.BERNOULLI.loss(tied.forward(Variable.of(x)), x).backward();
        Parameter up = Parameter.of(weight.value());
        Parameter down = Parameter.of(weight.value());
        Variable code = Variable.of(x).linear(up, tied.parameters().get("encoder.0.bias")).sigmoid();
        Gradients apart = Likelihood.BERNOULLI.loss(code.matmul(down), x).backward();
        Tensor both = Objects.requireNonNull(apart.get(up)).plus(Objects.requireNonNull(apart.get(down)));
        assertArrayEquals(both.toArray(), Objects.requireNonNull(gradients.get(weight)).toArray(), 1e-5f);
        assertTrue(explained(tied, 600, new Corruption.None()) > 0.9);
    }

    @Test
    void corruption_does_what_it_says() {
        Tensor x = Tensor.full(Shape.of(100, 100), 0.5f);
        Tensor masked = new Corruption.Masking(0.3).apply(x, RANDOM);
        assertEquals(0.35, masked.mean().item(), 0.01);
        assertEquals(3000, x.minus(masked).greater(Tensor.scalar(0)).sum().item(), 200);
        Tensor noisy = new Corruption.Gaussian(0.2).apply(x, RANDOM).minus(x);
        assertEquals(0, noisy.mean().item(), 0.01);
        assertEquals(0.04, noisy.square().mean().item(), 0.002);
        Tensor peppered = new Corruption.SaltAndPepper(0.4).apply(x, RANDOM);
        assertEquals(6000, peppered.equal(x).sum().item(), 200);
        assertEquals(2000, peppered.equal(Tensor.scalar(1)).sum().item(), 200);
        assertEquals(2000, peppered.equal(Tensor.scalar(0)).sum().item(), 200);
        assertTrue(new Corruption.None().apply(x, RANDOM) == x);
        assertThrows(IllegalArgumentException.class, () -> new Corruption.Masking(1.5));
    }

    /// What was masked can be told from what was not, since there are two degrees of freedom only.
    @Test
    void a_denoising_autoencoder_puts_back_what_is_missing() {
        Tensor damaged = new Corruption.Masking(0.25).apply(data(), RandomStream.of(99));
        double before = Reconstruction.explained(data(), damaged);
        double plain = mended(damaged, new Corruption.None());
        double denoising = mended(damaged, new Corruption.Masking(0.25));
        assertTrue(denoising > 0.65 && before < 0.3, "before " + before + ", after " + denoising);
        assertTrue(plain < denoising - 0.15, "one that never saw damage mends less: " + plain);
    }

    private static double mended(Tensor damaged, Corruption corruption) {
        Autoencoder model = Autoencoder.fullyConnected(Activation.SIGMOID, false, RANDOM, WIDTH, 32);
        Reconstruction objective = Reconstruction.of(model, data(), Likelihood.BERNOULLI).corrupted(corruption);
        learn(model, objective, 800);
        return Reconstruction.explained(data(), objective.reconstruct(damaged));
    }

    @Test
    void a_sparse_code_is_seldom_active() {
        Autoencoder model = Autoencoder.fullyConnected(Activation.SIGMOID, false, RANDOM, WIDTH, 20);
        Reconstruction objective = Reconstruction.of(model, data(), Likelihood.BERNOULLI).sparse(1, 0.1);
        learn(model, objective, 600);
        double active = model.encoder().forward(Variable.of(data())).value().mean().item();
        assertEquals(0.1, active, 0.03);
        assertTrue(Reconstruction.explained(data(), objective.reconstruct(data())) > 0.8);
    }

    @Test
    void sparsity_is_a_divergence() {
        assertEquals(0, Losses.sparsity(Variable.of(Tensor.full(Shape.of(4, 3), 0.2f)), 0.2).value().item(), 1e-4);
        double expected = 3 * (0.1 * Math.log(0.1 / 0.4) + 0.9 * Math.log(0.9 / 0.6));
        assertEquals(expected, Losses.sparsity(Variable.of(Tensor.full(Shape.of(4, 3), 0.4f)), 0.1).value().item(), 1e-4);
        GradientCheck.check("sparsity", v -> Losses.sparsity(v[0].sigmoid(), 0.1), RANDOM.normal(Shape.of(3, 4), 0, 1));
    }

    /// The closed form against the Jacobian itself, column by column.
    @Test
    void contraction_is_the_jacobians_norm() {
        Linear linear = new Linear(4, 3, RANDOM);
        Tensor x = RANDOM.normal(Shape.of(1, 4), 0, 1);
        double sum = 0;
        Parameter input = Parameter.of(x);
        for (int j = 0; j < 3; j++) {
            Variable h = linear.forward(input).sigmoid().slice(1, j, j + 1);
            sum += Objects.requireNonNull(h.sum().backward().get(input)).sumOfSquares().item();
        }
        Variable code = linear.forward(Variable.of(x)).sigmoid();
        assertEquals(sum, Losses.contraction(code, linear.weight()).value().item(), 1e-5);
    }

    @Test
    void a_contractive_code_moves_less() {
        double[] moves = new double[2];
        for (int i = 0; i < 2; i++) {
            Autoencoder model = Autoencoder.fullyConnected(Activation.SIGMOID, true, RANDOM, WIDTH, 12);
            learn(model, Reconstruction.of(model, data(), Likelihood.BERNOULLI).contractive(i), 300);
            Linear first = (Linear) ((Sequential) model.encoder()).layers().getFirst();
            moves[i] = Losses.contraction(model.encoder().forward(Variable.of(data())), first.weight()).value().item();
        }
        assertTrue(moves[1] < 0.5 * moves[0], moves[0] + " becomes " + moves[1]);
        Autoencoder deep = Autoencoder.fullyConnected(Activation.SIGMOID, true, RANDOM, WIDTH, 12, 3);
        assertThrows(IllegalArgumentException.class, () -> Reconstruction.of(deep, data(), Likelihood.BERNOULLI).contractive(1));
    }

    @Test
    void layers_trained_one_by_one_join_into_a_deep_one_and_a_classifier() {
        List<Autoencoder> layers = List.of(Autoencoder.fullyConnected(Activation.SIGMOID, true, RANDOM, WIDTH, 12),
                Autoencoder.fullyConnected(Activation.SIGMOID, true, RANDOM.child(1), 12, 4));
        List<TrainingResult> results = LayerWise
                .of(layers, (one, inputs) -> Reconstruction.of(one, inputs, Likelihood.BERNOULLI))
                .train(data(), stage -> Trainer.of(stage.objective(), stage.parameters(),
                        Adam.adam(List.of(ParamGroup.of(stage.parameters()).rate(0.01)), Schedule.constant(), Double.POSITIVE_INFINITY),
                        Batches.of(200, 50, RANDOM), RANDOM).run(500));
        assertEquals(2, results.size());
        Autoencoder deep = Autoencoder.stacked(Activation.SIGMOID, layers);
        Reconstruction whole = Reconstruction.of(deep, data(), Likelihood.BERNOULLI);
        double greedy = Reconstruction.explained(data(), whole.reconstruct(data()));
        assertTrue(greedy > 0.3, "before it is fine-tuned " + greedy);
        learn(deep, whole, 200);
        assertTrue(Reconstruction.explained(data(), whole.reconstruct(data())) > greedy);
        Sequential classifier = deep.unroll(Sequential.fullyConnected(Activation.SIGMOID, RANDOM.child(2), WIDTH, 12, 4, 3));
        Linear head = (Linear) classifier.layers().getLast();
        assertTrue(head.forward(deep.encoder().forward(Variable.of(data()))).value()
                .bitsEqual(classifier.forward(Variable.of(data())).value()));
    }

    @Test
    void a_convolutional_one_gives_images_back() {
        Tensor images = data().reshape(25, 8, 8, 1);
        Autoencoder model = Autoencoder.convolutional(RANDOM, 1, 6, 8);
        assertEquals(Shape.of(25, 2, 2, 8), model.encoder().forward(Variable.of(images)).shape());
        assertEquals(images.shape(), model.forward(Variable.of(images)).shape());
        Reconstruction objective = Reconstruction.of(model, images, Likelihood.BERNOULLI);
        Trainer.of(objective, model.parameters(),
                Adam.adam(List.of(ParamGroup.of(model.parameters()).rate(0.01)), Schedule.constant(), Double.POSITIVE_INFINITY),
                Batches.of(25, 25, RANDOM), RANDOM).run(300);
        assertTrue(Reconstruction.explained(images, objective.reconstruct(images)) > 0.6);
    }

    /// ⟨conv(x), y⟩ = ⟨x, convTranspose(y)⟩: what *transposed* means.
    @Test
    void a_transposed_convolution_is_the_adjoint() {
        Conv2dGeometry geometry = Conv2dGeometry.DEFAULT.stride(2).padding(1);
        Tensor w = RANDOM.normal(Shape.of(5, 3, 3, 2), 0, 1);
        Tensor x = RANDOM.child(1).normal(Shape.of(2, 8, 7, 2), 0, 1);
        Tensor y = RANDOM.child(2).normal(Shape.of(2, 4, 4, 5), 0, 1);
        double left = x.conv2d(w, null, geometry).times(y).sum().item();
        double right = y.convTranspose2d(w, geometry, 1, 0).times(x).sum().item();
        assertEquals(left, right, 1e-3);
    }

    @Test
    void the_divergence_has_its_closed_form() {
        Tensor mean = Tensor.of(Shape.of(2, 2), 0, 1, -2, 0.5f);
        Tensor logVariance = Tensor.of(Shape.of(2, 2), 0, 1, -1, 0.3f);
        double expected = 0;
        for (int i = 0; i < 4; i++) {
            double m = mean.toArray()[i];
            double s = logVariance.toArray()[i];
            expected += 0.25 * (m * m + Math.exp(s) - 1 - s);
        }
        assertEquals(expected, Losses.gaussianDivergence(Variable.of(mean), Variable.of(logVariance)).value().item(), 1e-5);
        assertEquals(0, Losses.gaussianDivergence(Variable.of(Tensor.zeros(Shape.of(3, 2))), Variable.of(Tensor.zeros(Shape.of(3, 2))))
                .value().item());
    }

    @Test
    void a_variational_one_codes_and_makes_up_data() {
        VariationalAutoencoder model = VariationalAutoencoder.fullyConnected(Activation.TANH, 2, RANDOM, WIDTH, 16);
        VariationalReconstruction objective = new VariationalReconstruction(model, data(), Likelihood.BERNOULLI, 0.1);
        TrainingResult result = learn(model, objective, 1000);
        assertTrue(result.curve().getLast().loss() < result.curve().getFirst().loss());
        double explained = Reconstruction.explained(data(), objective.reconstruct(data()));
        assertTrue(explained > 0.8, "explained " + explained);
        Tensor made = Likelihood.BERNOULLI.means(model.generate(500, 2, Noise.of(RANDOM)));
        assertEquals(Shape.of(500, WIDTH), made.shape());
        float[] gap = made.mean(0).minus(data().mean(0)).toArray();
        for (float g : gap) {
            assertEquals(0, g, 0.12);
        }
        Tensor x = data().slice(0, 0, 3);
        GradientCheck.check("reparametrised", v -> {
            VariationalAutoencoder.Code code = new VariationalAutoencoder.Code(v[0], v[1]);
            return code.sample(Noise.of(RANDOM)).square();
        }, RANDOM.normal(Shape.of(3, 2), 0, 1), RANDOM.child(5).normal(Shape.of(3, 2), 0, 1));
        assertTrue(objective.loss(x, Noise.of(RANDOM)).value().bitsEqual(objective.loss(x, Noise.of(RANDOM)).value()));
    }
}
