package dev.headstart.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferSource;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workspace;
import dev.headstart.zoo.model.Layout;
import dev.headstart.zoo.model.Published;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// One case from end to end: names, shapes and counts, outputs in evaluation, the training loss, every gradient, running statistics, three
/// steps of AdamW and three of SGD on the same batch, each from the formula's weights.
///
/// ReLU and max pooling decide by signs. Where the exact number is nearer to zero than float32 rounds, which there always is among a million of
/// them, a network and its reference may decide otherwise, and a gradient has a step that no bound on rounding covers: the reference's own
/// float32 run has such steps elsewhere. So in networks that have them a tensor that is too far away is computed again with weights whose last bit
/// differs, which leaves the answer and throws rounding's dice again: each of its numbers must be within the same bound for one of [#ATTEMPTS]
/// neighbours of the weights. What needed that is printed, and how many attempts there were. An error of the implementation is in all of them.
/// All other networks have one attempt.
final class ParityRun {
    private static final int STEPS = 3;
    private static final int ATTEMPTS = 12;

    private final ParityCase reference;
    private final ParityModel ours;
    private final Published model;
    private final Parameters parameters;
    private final Function<String, Layout> layouts;
    private final Agreement agreement;
    private int attempted;

    ParityRun(ParityCase reference, ParityModel ours) {
        this.reference = reference;
        this.ours = ours;
        this.model = ours.model();
        this.parameters = model.parameters();
        this.layouts = model.layouts();
        this.agreement = new Agreement(reference, decidesBySigns() ? STEPS : 1);
    }

    /// Compares everything the case has. Returns what was compared.
    Agreement run() throws IOException {
        int attempts = decidesBySigns() ? ATTEMPTS : 1;
        assertEquals(reference.parameters(), parameters.count(), "number of parameters");
        assertEquals(reference.tied(), model.aliases(), "tied weights");
        for (int attempt = 0; attempt < attempts && !agreement.isSettled(""); attempt++) {
            attempt(attempt);
            attempted++;
        }
        return agreement;
    }

    /// Whether the network has ReLU or max pooling: torchvision's do, transformers' here do not.
    private boolean decidesBySigns() {
        return reference.architecture().startsWith("torchvision.");
    }

    /// How often the case was computed.
    int attempted() {
        return attempted;
    }

    private void attempt(int attempt) throws IOException {
        if (!agreement.isSettled("eval.") || !agreement.isSettled("train.") || !agreement.isSettled("grad.")
                || !agreement.isSettled("buffer.") || !agreement.isSettled("adamw3.")) {
            fill(attempt);
            if (!agreement.isSettled("eval.")) {
                evaluate();
            }
            ParamGroup group = ParamGroup.of(parameters).rate(Agreement.RATE).decay(0.01);
            steps("adamw3.", Adam.adamW(List.of(group), Schedule.constant(), Double.POSITIVE_INFINITY), true);
        }
        if (!agreement.isSettled("sgd3.")) {
            fill(attempt);
            ParamGroup group = ParamGroup.of(parameters).rate(1e-2).decay(1e-4);
            steps("sgd3.", Sgd.of(List.of(group), Schedule.constant(), Double.POSITIVE_INFINITY, 0.9, false), false);
        }
    }

    /// Sets the formula's weights, from the second attempt on with another last bit, by a strict transfer: every name and every published
    /// shape must be the reference's.
    private void fill(int attempt) throws IOException {
        Transfer.into(model.architecture(), parameters).ordered(layouts).allowMissing("**.num_batches_tracked")
                .from(reference.toString(), new TransferSource() {
                    @Override
                    public Set<String> names() {
                        return reference.shapes().keySet();
                    }

                    @Override
                    public Shape shape(String name) {
                        return reference.shape(name);
                    }

                    @Override
                    public Tensor read(String name) {
                        return attempt == 0 ? HashFill.weight(name, shape(name)) : HashFill.neighbour(name, shape(name), attempt);
                    }
                });
    }

    private void evaluate() {
        Map<String, Variable> outputs = Mode.inference(ours.outputs());
        assertEquals(Set.copyOf(reference.names("eval.")), outputs.keySet(), "outputs");
        outputs.forEach((name, output) -> {
            if (output.value().size() <= Agreement.WHOLE) { // of longer ones there is a sample, without their shape
                assertEquals(reference.data().shape("eval." + name), output.shape(), name);
            }
            agreement.compare("eval." + name, output.value());
        });
    }

    /// Three steps; the first forward pass, from the formula's weights, is the one whose loss, gradients and statistics the case has too.
    private void steps(String name, Optimizer optimizer, boolean first) {
        Workspace workspace = new Workspace(); // the memory of a step serves the next
        for (int step = 1; step <= STEPS; step++) {
            RandomStream random = RandomStream.of(step);
            boolean compared = first && step == 1;
            boolean last = step == STEPS;
            workspace.run(() -> step(name, optimizer, random, compared, last));
        }
        if (!agreement.isSettled(name)) {
            reference.names(name).stream().filter(parameter -> !parameter.equals("loss"))
                    .forEach(parameter -> compareParameter(name, parameter));
        }
    }

    private void step(String name, Optimizer optimizer, RandomStream random, boolean compared, boolean last) {
        if (!compared && agreement.isSettled(name)) {
            return;
        }
        Variable loss = Mode.training(random, ours.loss());
        Gradients gradients = loss.backward();
        if (compared) {
            agreement.compare("train.loss", loss.value());
            reference.names("grad.").forEach(parameter -> agreement.compare("grad." + parameter, gradient(gradients, parameter)));
            reference.names("buffer.").forEach(buffer -> compareParameter("buffer.", buffer));
            reference.names(name).stream().filter(parameter -> !parameter.equals("loss"))
                    .forEach(parameter -> agreement.widen(parameter, gradient(gradients, parameter), STEPS));
        }
        if (!agreement.isSettled(name)) {
            optimizer.step(gradients);
            if (last) {
                agreement.compare(name + "loss", loss.value());
            }
        }
    }

    /// What PyTorch would have: zeros for a parameter that had no part in the loss.
    private Tensor gradient(Gradients gradients, String name) {
        Parameter parameter = parameters.get(name);
        Tensor gradient = gradients.get(parameter);
        return layouts.apply(name).toPublished(gradient == null ? Tensor.zeros(parameter.shape()) : gradient);
    }

    private void compareParameter(String prefix, String name) {
        agreement.compare(prefix + name, layouts.apply(name).toPublished(parameters.get(name).value()));
    }
}
