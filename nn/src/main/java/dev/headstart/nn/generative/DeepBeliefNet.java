package dev.headstart.nn.generative;

import dev.headstart.autograd.Parameters;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Restricted Boltzmann machines, each of which has learnt what the hidden units below it do (Hinton, Osindero and Teh 2006, "A Fast Learning
/// Algorithm for Deep Belief Nets").
///
/// As a generative model the top machine is kept and the layers beneath are directed downwards; for a classifier the net is unrolled into an
/// ordinary network, which ordinary back-propagation fine-tunes:
///
/// ```java
/// DeepBeliefNet net = new DeepBeliefNet(Rbm.Units.BERNOULLI, random, 784, 500, 500, 2000);
/// // train.LayerWise trains one machine after the other
/// Sequential classifier = net.unroll(10, random);
/// ```
///
/// Parameters: `rbm.0.weight`, `rbm.0.visible_bias`, `rbm.0.hidden_bias`, `rbm.1.weight`, …
public final class DeepBeliefNet implements Part {
    private final List<Rbm> machines;
    private final Scope scope;

    /// Machines of these sizes, from the data upwards; hidden units, and the visible ones of all but the first, are binary.
    ///
    /// @param units of the data
    public DeepBeliefNet(Rbm.Units units, RandomStream random, int... sizes) {
        if (sizes.length < 2) {
            throw new IllegalArgumentException("deep belief net: " + sizes.length + " sizes: that of the data and of one layer are needed");
        }
        Scope own = Scope.of(random);
        List<Rbm> all = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++) {
            all.add(new Rbm(sizes[i], sizes[i + 1], i == 0 ? units : Rbm.Units.BERNOULLI, own.child("rbm").child(i)));
        }
        this.machines = List.copyOf(all);
        this.scope = own.ownedBy(this);
    }

    /// The machines, from the data upwards.
    public List<Rbm> machines() {
        return machines;
    }

    /// What the first `layers` machines make of data: probabilities of their hidden units, one layer after the other.
    public Tensor up(Tensor v, int layers) {
        Tensor x = v;
        for (Rbm machine : machines.subList(0, layers)) {
            x = machine.hiddenMeans(x);
        }
        return x;
    }

    /// What the top machine's visible units mean as data: one layer after the other is drawn downwards, of the lowest its means.
    public Tensor down(Tensor top, Noise noise) {
        Tensor x = top;
        for (int i = machines.size() - 2; i > 0; i--) {
            x = machines.get(i).sampleVisible(x, noise);
        }
        return machines.size() == 1 ? x : machines.getFirst().visibleMeans(x);
    }

    /// What the net makes of its input, up and down again by means, without chance.
    public Tensor reconstruct(Tensor v) {
        Tensor x = up(v, machines.size());
        for (Rbm machine : machines.reversed()) {
            x = machine.visibleMeans(x);
        }
        return x;
    }

    /// Data the net makes up: Gibbs sampling in the top machine from random units, then down.
    ///
    /// @param count number of rows
    /// @param rounds of Gibbs sampling
    public Tensor generate(int count, int rounds, Noise noise) {
        return generate(noise.bernoulli(Tensor.full(Shape.of(count, machines.getLast().visible()), 0.5f)), rounds, noise);
    }

    /// Data the net makes up, from where the top machine's visible units are.
    ///
    /// @param start `[count, visible units of the top machine]`, such as [#up] gives of data
    public Tensor generate(Tensor start, int rounds, Noise noise) {
        Rbm top = machines.getLast();
        Tensor state = top.gibbs(start, Math.max(0, rounds - 1), noise);
        Tensor hidden = top.sampleHidden(state, noise);
        return machines.size() == 1 ? top.visibleMeans(hidden) : down(top.sampleVisible(hidden, noise), noise);
    }

    /// The net as a classifier: a sigmoid layer for each machine, with its weights and hidden biases, and a new linear head. The parameters are
    /// copies.
    public Sequential unroll(int classes, RandomStream random) {
        int[] sizes = new int[machines.size() + 2];
        sizes[0] = machines.getFirst().visible();
        for (int i = 0; i < machines.size(); i++) {
            sizes[i + 1] = machines.get(i).hidden();
        }
        sizes[sizes.length - 1] = classes;
        Sequential network = Sequential.fullyConnected(Activation.SIGMOID, random, sizes);
        into(Transfer.into("classifier", network.parameters())).allowMissing(2 * machines.size() + ".*")
                .fromTensors("deep belief net", values(parameters()));
        return network;
    }

    /// The rules by which weights of a deep belief net become those of [Sequential#fullyConnected]: `rbm.1.weight` is `2.weight`,
    /// `rbm.1.hidden_bias` is `2.bias`, visible biases are left over.
    public static Transfer into(Transfer transfer) {
        return transfer.rename(name -> {
            String[] part = name.split("\\.", -1);
            if (part.length != 3 || !part[0].equals("rbm") || !part[1].matches("\\d{1,6}") || part[2].equals("visible_bias")) {
                return name;
            }
            return 2 * Integer.parseInt(part[1]) + (part[2].equals("hidden_bias") ? ".bias" : "." + part[2]);
        }).allowUnexpected("rbm.*.visible_bias");
    }

    private static Map<String, Tensor> values(Parameters parameters) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> tensors.put(name, parameter.value()));
        return tensors;
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
