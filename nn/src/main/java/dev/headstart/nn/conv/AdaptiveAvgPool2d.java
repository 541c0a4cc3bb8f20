package dev.headstart.nn.conv;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;

/// The means of a given number of bins of images of any size, for each channel. No parameters.
///
/// @param outHeight bins along the height
/// @param outWidth bins along the width
public record AdaptiveAvgPool2d(int outHeight, int outWidth) implements Layer {
    /// Global average pooling: one mean of each channel.
    public static AdaptiveAvgPool2d global() {
        return new AdaptiveAvgPool2d(1, 1);
    }

    /// `[batch, height, width, channels] → [batch, outHeight, outWidth, channels]`
    @Override
    public Variable forward(Variable x) {
        return x.adaptiveAvgPool2d(outHeight, outWidth);
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
