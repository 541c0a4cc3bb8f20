/// Files: weights as named tensors, JSON, checkpoints. Knows no layers.
module dev.headstart.io {
    requires transitive dev.headstart.tensor;
    requires static transitive org.jspecify;

    exports dev.headstart.io;
}
