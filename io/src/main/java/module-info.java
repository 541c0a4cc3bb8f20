/// Files: weights as named tensors, data, tokenizers, JSON, checkpoints. Knows no layers.
module dev.headstart.io {
    requires transitive dev.headstart.tensor;
    requires static org.jspecify;

    exports dev.headstart.io.data;
    exports dev.headstart.io.json;
    exports dev.headstart.io.text;
    exports dev.headstart.io.weights;
    exports dev.headstart.io;
}
