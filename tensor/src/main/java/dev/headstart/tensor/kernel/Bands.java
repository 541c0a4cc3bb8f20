package dev.headstart.tensor.kernel;

/// A linear map along one axis in which each output takes a weighted run of consecutive inputs: a matrix whose rows are bands.
///
/// Where the runs begin and where they end never moves back from one output to the next, so that the transposed map is of the same kind.
///
/// @param inputs number of inputs
/// @param from first input of each output
/// @param start where the weights of each output begin; one more, the end
/// @param weights of all outputs, one after the other
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Bands(int inputs, int[] from, int[] start, float[] weights) {
    /// Number of outputs.
    public int outputs() {
        return from.length;
    }

    /// Number of inputs an output takes.
    public int length(int output) {
        return start[output + 1] - start[output];
    }

    /// The input behind the last one an output takes.
    public int to(int output) {
        return from[output] + length(output);
    }

    /// The map from outputs to inputs with the same weights.
    public Bands transposed() {
        int[] first = new int[inputs];
        int[] begin = new int[inputs + 1];
        float[] taken = new float[weights.length];
        int low = 0;
        int at = 0;
        for (int input = 0; input < inputs; input++) {
            while (low < from.length && to(low) <= input) {
                low++;
            }
            first[input] = low;
            begin[input] = at;
            for (int output = low; output < from.length && from[output] <= input; output++) {
                taken[at++] = weights[start[output] + input - from[output]];
            }
        }
        begin[inputs] = at;
        return new Bands(from.length, first, begin, taken);
    }
}
