package dev.headstart.testkit;

import dev.headstart.autograd.Recorded;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What one operator is tried on. All tests of an operator follow from it, see [OpLaw].
///
/// @param op the operator's record
/// @param samples small uses of it, over many shapes, with values away from kinks: each is checked against finite differences
/// @param large one use big enough to be spread over several threads
/// @param refusals wrong uses, with the message each must give
public record OpSpec(Class<? extends Recorded> op, List<Sample> samples, Sample large, List<Refusal> refusals) {
    /// The operator's name: the record's.
    public String name() {
        return op.getSimpleName();
    }

    @Override
    public String toString() {
        return name();
    }

    /// One use of an operator.
    ///
    /// @param apply the operator, applied to as many variables as there are inputs
    /// @param inputs values of the inputs, contiguous
    /// @param batched inputs whose axis 0 is a batch, so that a row of the result needs one row of each; none when there is no such axis
    public record Sample(Function<Variable[], Variable> apply, List<Tensor> inputs, List<Integer> batched) {
        /// A use without a batch axis.
        public static Sample of(Function<Variable[], Variable> apply, Tensor... inputs) {
            return new Sample(apply, List.of(inputs), List.of());
        }

        /// This use, with axis 0 of these inputs a batch.
        public Sample batched(Integer... numbers) {
            return new Sample(apply, inputs, List.of(numbers));
        }

        /// The operator on constants: nothing is recorded.
        public Tensor forward(List<Tensor> values) {
            return apply.apply(values.stream().map(Variable::of).toArray(Variable[]::new)).value();
        }

        /// The shapes: `[2, 3], [3]`
        @Override
        public String toString() {
            return inputs.stream().map(x -> x.shape().toString()).collect(Collectors.joining(", "));
        }
    }

    /// A use that must fail.
    ///
    /// @param message the exception's message, every letter of it
    /// @param call what must throw
    public record Refusal(String message, Supplier<Variable> call) {
        /// An operator that must not accept these inputs.
        public static Refusal of(String message, Function<Variable[], Variable> apply, Tensor... inputs) {
            return new Refusal(message, () -> apply.apply(Arrays.stream(inputs).map(Variable::of).toArray(Variable[]::new)));
        }
    }
}
