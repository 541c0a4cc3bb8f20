package dev.headstart.nn.conv;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;

/// The largest elements of a given number of bins of images of any size, for each channel. No parameters.
///
/// @param outHeight bins along the height
/// @param outWidth bins along the width
public record AdaptiveMaxPool2d(int outHeight, int outWidth) implements Layer {
    /// Global max pooling: the largest element of each channel.
    public static AdaptiveMaxPool2d global() {
        return new AdaptiveMaxPool2d(1, 1);
    }

    /// `[batch, height, width, channels] → [batch, outHeight, outWidth, channels]`
    @Override
    public Variable forward(Variable x) {
        return x.adaptiveMaxPool2d(outHeight, outWidth);
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
