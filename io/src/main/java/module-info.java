/// Files: weights as named tensors, JSON, checkpoints; text as token ids. Knows no layers.
module dev.headstart.io {
    requires transitive dev.headstart.tensor;
    requires static transitive org.jspecify;

    exports dev.headstart.io;
    exports dev.headstart.io.text;
}
