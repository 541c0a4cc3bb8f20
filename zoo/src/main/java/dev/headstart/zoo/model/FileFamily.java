package dev.headstart.zoo.model;

import dev.headstart.nn.WeightKind;

/// Whose files a network's weights are published in: it decides the order of axes of each kind of weight.
public enum FileFamily {
    /// PyTorch's: inner axes of convolutions before those of their kernel.
    PYTORCH,
    /// TensorFlow's, Keras's, and those of PyTorch models that were made of them (GPT-2): outputs last.
    TENSORFLOW;

    /// The order of axes of this kind of weight.
    public Layout layout(WeightKind kind) {
        return switch (kind) {
            case LINEAR -> this == PYTORCH ? Layout.AS_IS : Layout.IN_OUT;
            case CONV1D -> this == PYTORCH ? Layout.OIW : Layout.WIO;
            case CONV2D, CONV_TRANSPOSE2D -> this == PYTORCH ? Layout.OIHW : Layout.HWIO;
            case DEPTHWISE_CONV2D -> this == PYTORCH ? Layout.AS_IS : Layout.HWIM;
            case EMBEDDING, OTHER -> Layout.AS_IS;
        };
    }
}
