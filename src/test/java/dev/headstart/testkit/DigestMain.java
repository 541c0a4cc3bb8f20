package dev.headstart.testkit;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Embedding;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.attention.AttentionMask;
import dev.headstart.nn.attention.TransformerBlock;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.Activations;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.machine.Backend;
import dev.headstart.testkit.OpSpec.Sample;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/// Prints which kernels compute, and one digest over the bits of what they compute: every operator forward and backward, functions over all
/// kinds of floats, and some steps of training. One argument: the number of threads.
public final class DigestMain {
    private static final RandomStream RANDOM = RandomStream.of(2026);
    private final MessageDigest digest;

    private DigestMain() throws NoSuchAlgorithmException {
        this.digest = MessageDigest.getInstance("SHA-256");
    }

    /// `digest kernels=simd bits=512 threads=2 sha256=…`
    public static void main(String[] args) throws NoSuchAlgorithmException {
        System.out.println("digest " + line(Integer.parseInt(args[0])));
    }

    static String line(int threads) throws NoSuchAlgorithmException {
        Backend backend = Backend.active();
        return "kernels=" + backend.name() + " bits=" + backend.vectorBits() + " threads=" + threads + " sha256=" + sha256(threads);
    }

    /// The digest, computed here.
    static String sha256(int threads) throws NoSuchAlgorithmException {
        DigestMain main = new DigestMain();
        Workers.of(threads).run(() -> {
            OpCatalogue.all().forEach(main::operator);
            main.functions();
            main.training();
        });
        return HexFormat.of().formatHex(main.digest.digest());
    }

    /// Bits of all elements. What a NaN carries besides being one is not defined.
    private void add(Tensor x) {
        float[] values = x.toArray();
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (float value : values) {
            bytes.putInt(Float.floatToIntBits(value));
        }
        digest.update(bytes.array());
    }

    private void operator(OpSpec spec) {
        spec.samples().forEach(this::sample);
        sample(spec.large());
    }

    private void sample(Sample sample) {
        Outcome outcome = Outcome.of(sample);
        add(outcome.y().value());
        for (int i = 0; i < sample.inputs().size(); i++) {
            Tensor gradient = outcome.gradient(i);
            if (gradient != null) {
                add(gradient);
            }
        }
    }

    /// Functions over floats of every size, and those operators that have no gradient.
    private void functions() {
        float[] values = new float[5_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(RANDOM.child("bits").word(i));
        }
        Tensor any = Tensor.wrap(Shape.of(values.length), values);
        Tensor usual = RANDOM.child("usual").normal(any.shape(), 0, 3);
        List<UnaryOperator<Tensor>> unary = List.of(Tensor::negate, Tensor::abs, Tensor::square, Tensor::sqrt, Tensor::reciprocal,
                Tensor::exp,
                Tensor::log, Tensor::tanh, Tensor::erf, Tensor::sigmoid, Tensor::relu, Tensor::gelu, Tensor::geluTanh, Tensor::softplus);
        for (UnaryOperator<Tensor> f : unary) {
            add(f.apply(any));
            add(f.apply(usual));
        }
        for (Tensor b : List.of(any.slice(0, 1, 5_000), usual.slice(0, 0, 4_999))) {
            Tensor a = any.slice(0, 0, 4_999);
            add(a.maximum(b));
            add(a.minimum(b));
            add(a.greater(b));
            add(a.equal(b));
            add(Activations.geluGradient(a, b));
            add(Activations.geluTanhGradient(a, b));
        }
        add(usual.min());
        add(usual.sumOfSquares());
        add(usual.reshape(50, 100).mean(0));
        digest.update(ByteBuffer.allocate(4).putInt(usual.argmax().at(0)).array());
    }

    private static final class Model implements Part {
        private final Embedding embedding = new Embedding(40, 24, RANDOM.child("embedding"));
        private final TransformerBlock lower = new TransformerBlock(24, 3, 50, Activation.GELU, 0.1f, RANDOM.child("lower"));
        private final TransformerBlock upper = new TransformerBlock(24, 3, 50, Activation.GELU, 0.1f, RANDOM.child("upper"));
        private final Linear head = new Linear(24, 40, RANDOM.child("head"));

        Variable logits(Indices ids) {
            Tensor mask = AttentionMask.causal(ids.shape().dim(-1));
            Variable first = lower.forward(embedding.forward(ids), mask);
            return head.forward(first.recompute(x -> upper.forward(x, mask)));
        }

        @Override
        public Parts parts() {
            return Parts.none().with("embedding", embedding).with("lower", lower).with("upper", upper).with("head", head);
        }
    }

    /// Two phases of training, the lower half frozen in the second.
    private void training() {
        Model model = new Model();
        Parameters parameters = model.parameters();
        steps(model, Adam.adamW(List.of(ParamGroup.of(parameters).rate(1e-3).decay(0.01)), Schedule.linear(1, 10), 1));
        parameters.select("{embedding,lower}.**").freeze();
        steps(model, Sgd.of(List.of(ParamGroup.of(parameters).rate(0.1)), Schedule.constant(), Double.POSITIVE_INFINITY, 0.9, true));
        for (Parameter parameter : parameters) {
            add(parameter.value());
        }
    }

    private void steps(Model model, Optimizer optimizer) {
        for (int step = 0; step < 3; step++) {
            RandomStream random = RANDOM.child(step);
            int[] ids = new int[8 * 13];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = random.below(40, i);
            }
            Indices inputs = Indices.of(Shape.of(8, 13), ids);
            Variable loss = Mode.training(random, () -> new CrossEntropy(3, 0.1f, null).of(model.logits(inputs), inputs));
            add(loss.value());
            Gradients gradients = loss.backward();
            for (Parameter parameter : model.parameters()) {
                Tensor gradient = gradients.get(parameter);
                add(gradient == null ? Tensor.scalar(0) : gradient);
            }
            double norm = optimizer.step(gradients);
            digest.update(ByteBuffer.allocate(8).putDouble(norm).array());
        }
    }
}
