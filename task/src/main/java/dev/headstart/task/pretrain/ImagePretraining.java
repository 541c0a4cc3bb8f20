package dev.headstart.task.pretrain;

import dev.headstart.io.data.LabelledImages;
import dev.headstart.nn.generative.Corruption;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Images without labels, reconstructed by a network whose layers are then a classifier's: [dev.headstart.zoo.own.PretrainedEncoder] makes one of
/// the saved file. Deep belief nets and stacks of denoising autoencoders are trained layer by layer, a phase each, in folders `layer-0`,
/// `layer-1`, …; all else in one phase.
///
/// ```java
/// LabelledImages images = Images.open(Path.of("train-images-idx3-ubyte.gz"));
/// Pretraining net = ImagePretraining.of(ImageObjective.DBN, images).with(ImagePretraining.Settings.of(ImageObjective.DBN).layers(500, 200));
/// ```
///
/// @param objective what is trained
/// @param images all of one size; labels are not looked at
/// @param name of the images in reports
/// @param settings sizes and strengths
public record ImagePretraining(ImageObjective objective, LabelledImages images, String name, Settings settings) implements Pretraining {
    private static final int EPOCHS = 10;
    private static final int BATCH = 100;

    /// Sizes and strengths.
    ///
    /// @param layers units of each layer
    /// @param code numbers of a variational autoencoder's code
    /// @param rounds of Gibbs sampling in a step
    /// @param persistent whether chains go on from step to step
    /// @param tied whether decoders have their encoders' weights
    /// @param sparsity weight of the penalty for units that are active often
    /// @param activeShare of the time that a unit is to be active then
    /// @param corruption of a denoising autoencoder's input
    public record Settings(List<Integer> layers, int code, int rounds, boolean persistent, boolean tied, double sparsity,
            double activeShare, Corruption corruption) {
        public Settings {
            layers = List.copyOf(layers);
        }

        /// An objective's usual layers, one round of sampling, no sparsity, a quarter of a denoising autoencoder's input masked.
        public static Settings of(ImageObjective objective) {
            return new Settings(objective.layers(), 20, 1, false, false, 0, 0.1, new Corruption.Masking(0.25));
        }

        /// The same with other layers.
        public Settings layers(Integer... units) {
            return new Settings(List.of(units), code, rounds, persistent, tied, sparsity, activeShare, corruption);
        }
    }

    /// With an objective's usual settings.
    public static ImagePretraining of(ImageObjective objective, LabelledImages images) {
        return new ImagePretraining(objective, images, "images", Settings.of(objective));
    }

    /// The same with other settings.
    public ImagePretraining with(Settings other) {
        return new ImagePretraining(objective, images, name, other);
    }

    /// The same under a name of the images.
    public ImagePretraining named(String images) {
        return new ImagePretraining(objective, this.images, images, settings);
    }

    @Override
    public Pace usual() {
        return new Pace(0, EPOCHS, BATCH, objective.rate());
    }

    @Override
    public Phases open(Pace pace, RandomStream random) throws IOException {
        return new ImagePhases(this, pace, ImageRows.of(images, name, random.child("held back")), random);
    }

    /// What must be the same when a run is resumed, besides the images.
    Map<String, Object> facts(Pace pace) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("objective", objective.toString().toLowerCase(Locale.ROOT));
        facts.put("layers", settings.layers);
        facts.put(pace.steps() > 0 ? "steps" : "epochs", Math.max(pace.steps(), pace.epochs()));
        switch (objective) {
            case RBM, DBN -> facts.put("contrastive divergence",
                    settings.rounds + " rounds, " + (settings.persistent ? "persistent" : "from the data"));
            case DENOISING -> facts.put("noise", settings.corruption);
            case VAE -> facts.put("code", settings.code);
            case AUTOENCODER -> {}
        }
        facts.put("tied weights", settings.tied);
        facts.put("sparsity", settings.sparsity + ", active " + settings.activeShare);
        return facts;
    }
}
