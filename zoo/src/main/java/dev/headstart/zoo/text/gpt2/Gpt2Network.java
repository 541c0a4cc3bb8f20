package dev.headstart.zoo.text.gpt2;

import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.FileFamily;
import dev.headstart.zoo.model.Resizable;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.model.TensorShapes;
import dev.headstart.zoo.text.TransformerSizes;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A GPT-2, bare or with its head, under the names of transformers.
///
/// Files may have or lack the prefix `transformer.`, and carry the causal mask as `attn.bias` and `attn.masked_bias`.
///
/// @param <M> the model itself
public sealed interface Gpt2Network<M extends Gpt2Network<M>> extends Resizable<M> permits Gpt2, Gpt2LanguageModel {
    /// The sizes.
    Gpt2Config config();

    /// The model below the head.
    Gpt2 gpt2();

    /// Such a model of other sizes, with random weights.
    M build(Gpt2Config other, RandomStream random);

    /// Its matrices were TensorFlow's: `[in, out]`.
    @Override
    default FileFamily files() {
        return FileFamily.TENSORFLOW;
    }

    @Override
    default String prefix() {
        return "transformer.";
    }

    @Override
    default boolean ignores(String name) {
        return name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias");
    }

    /// The GPT-2 whose names and shapes these are. What shapes do not tell is the configuration's, or a published GPT-2's.
    static Optional<Architecture> recognise(TensorShapes shapes, @Nullable Settings settings) throws IOException {
        Gpt2Config given = settings == null ? null : Gpt2Config.of(settings);
        String prefix = shapes.prefix("wte.weight", "transformer.");
        int width = shapes.extent(prefix + "wte.weight", 1);
        int hidden = shapes.extent(prefix + "h.0.mlp.c_fc.weight", 1);
        if (!shapes.has(prefix + "wpe.weight", -1, width) || width < 1 || width > TransformerSizes.WIDEST
                || hidden > 4 * TransformerSizes.WIDEST) {
            return Optional.empty();
        }
        TransformerSizes told = new TransformerSizes(shapes.extent(prefix + "wte.weight", 0), shapes.extent(prefix + "wpe.weight", 0),
                width,
                shapes.counted(prefix + "h.#.attn.c_attn.weight"), TransformerSizes.likelyHeads(width), hidden);
        Gpt2Config config = given == null ? Gpt2Config.of(told) : given;
        return config.layers() > told.layers()
                ? Optional.empty()
                : Architecture.fitting(shapes, scope -> new Gpt2LanguageModel(config, scope),
                        model -> model.architecture() + ", " + config.sizes().words(given == null));
    }

    @Override
    default M resized(int vocabulary, int positions, RandomStream random) {
        return build(config().withVocabulary(vocabulary).withPositions(positions), random);
    }

    @Override
    default int vocabulary() {
        return config().vocabulary();
    }

    @Override
    default int positions() {
        return config().positions();
    }
}
