package dev.headstart.tensor;

/// Means and biased variances by which channels are normalised: one for each channel, or for each image and group of channels.
///
/// @param mean `[channels]`, or `[batch, groups]`
/// @param variance of the mean's shape
/// @param count number of elements each was taken over; 0 when they are fixed, that is, do not vary with what is normalised
public record Moments(Tensor mean, Tensor variance, int count) {
    /// @throws ShapeException when the shapes differ or have neither one nor two axes
    public Moments {
        Shapes.same("moments", mean.shape(), variance.shape());
        if (mean.rank() != 1 && mean.rank() != 2) {
            throw new ShapeException("moments: mean" + mean.shape() + ": [channels] or [batch, groups] is needed");
        }
    }

    /// Moments that do not vary with what is normalised, such as running statistics.
    public static Moments fixed(Tensor mean, Tensor variance) {
        return new Moments(mean, variance, 0);
    }

    /// Whether they do not vary with what is normalised.
    public boolean isFixed() {
        return count == 0;
    }
}
