package dev.headstart.zoo.text.gpt2;

import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.FileFamily;
import dev.headstart.zoo.model.Resizable;

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
