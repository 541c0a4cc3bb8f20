package dev.headstart.zoo.text.gpt2;

import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.Recogniser;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.model.TensorShapes;
import dev.headstart.zoo.text.TransformerSizes;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Recognises the weight files of GPT-2 ([Gpt2Network]).
public final class Gpt2Recogniser implements Recogniser {
    /// A recogniser, which has no state.
    public Gpt2Recogniser() {}

    /// The GPT-2 whose names and shapes these are; the other sizes are a published GPT-2's.
    @Override
    public Optional<Architecture> recognise(TensorShapes shapes) {
        return recognise(shapes, (Gpt2Config) null);
    }

    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt2");
    }

    @Override
    public Optional<Architecture> recognise(TensorShapes shapes, Settings config) throws IOException {
        return recognise(shapes, Gpt2Config.of(config));
    }

    private static Optional<Architecture> recognise(TensorShapes shapes, @Nullable Gpt2Config given) {
        String prefix = shapes.prefix("wte.weight", "transformer.");
        int width = shapes.extent(prefix + "wte.weight", 1);
        int hidden = shapes.extent(prefix + "h.0.mlp.c_fc.weight", 1);
        if (!shapes.has(prefix + "wpe.weight", -1, width) || width < 1 || width > TransformerSizes.WIDEST
                || hidden > 4 * TransformerSizes.WIDEST) {
            return Optional.empty();
        }
        TransformerSizes fromShapes = new TransformerSizes(shapes.extent(prefix + "wte.weight", 0),
                shapes.extent(prefix + "wpe.weight", 0), width, shapes.counted(prefix + "h.#.attn.c_attn.weight"),
                TransformerSizes.likelyHeads(width), hidden);
        Gpt2Config config = given == null ? Gpt2Config.of(fromShapes) : given;
        return config.layers() > fromShapes.layers()
                ? Optional.empty()
                : Architecture.fitting(shapes, scope -> new Gpt2LanguageModel(config, scope),
                        model -> model.architecture() + ", " + config.sizes().words(given == null));
    }
}
