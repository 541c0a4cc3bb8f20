package dev.headstart.tensor.kernel;

/// What each output of a pooling or a resampling of NHWC images takes: a band of rows by a band of columns, of every channel by itself.
public record Windows(Bands rows, Bands columns, int channels) {
    /// For each input the outputs that take it.
    public Windows transposed() {
        return new Windows(rows.transposed(), columns.transposed(), channels);
    }
}
