package dev.headstart.task.pretrain;

import java.util.List;

/// What can be learnt step by step from images without labels. A dictionary of patches, which takes no steps, is [ImageDictionary].
public enum ImageObjective {
    /// A restricted Boltzmann machine.
    RBM("a restricted Boltzmann machine", List.of(500), 0.05),
    /// A deep belief net, machine by machine.
    DBN("a deep belief net", List.of(500, 500, 2000), 0.05),
    /// An autoencoder, trained as a whole.
    AUTOENCODER("an autoencoder", List.of(500, 250, 50), 1e-3),
    /// Denoising autoencoders, layer by layer.
    DENOISING("a stack of denoising autoencoders", List.of(500, 500, 2000), 1e-3),
    /// A variational autoencoder.
    VAE("a variational autoencoder", List.of(400), 1e-3);

    private final String described;
    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
    private final List<Integer> layers;
    private final double rate;

    ImageObjective(String described, List<Integer> layers, double rate) {
        this.described = described;
        this.layers = layers;
        this.rate = rate;
    }

    /// What is trained, in words.
    public String described() {
        return described;
    }

    /// Units of each layer unless given otherwise.
    public List<Integer> layers() {
        return layers;
    }

    /// Learning rate unless given otherwise.
    public double rate() {
        return rate;
    }
}
