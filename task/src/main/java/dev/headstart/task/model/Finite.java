package dev.headstart.task.model;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.util.Map;

/// Numbers that mean something: neither NaN nor infinite.
public final class Finite {
    private Finite() {}

    /// Looks at all weights of a network that was loaded.
    ///
    /// @param from what they were loaded from
    /// @throws IOException when one is not finite: it is named, with its tensor
    public static void weights(String from, Parameters weights) throws IOException {
        for (Map.Entry<String, Parameter> entry : weights.byName().entrySet()) {
            Tensor value = entry.getValue().value();
            if (!value.isFinite()) {
                float[] all = value.toArray();
                int at = 0;
                while (Float.isFinite(all[at])) {
                    at++;
                }
                throw new IOException(from + ": the weights are damaged: element " + at + " of " + entry.getKey() + value.shape() + " is "
                        + all[at]);
            }
        }
    }

    /// Looks at what a network computed.
    ///
    /// @param answers logits or features
    /// @throws IllegalArgumentException when one is not finite, although all weights were: the numbers grew beyond float32
    public static Tensor answers(Tensor answers) {
        if (!answers.isFinite()) {
            throw new IllegalArgumentException("the network's answers" + answers.shape()
                    + " are not finite: its weights are too large, or its inputs are");
        }
        return answers;
    }
}
