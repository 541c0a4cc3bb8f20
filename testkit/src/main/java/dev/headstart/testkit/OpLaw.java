package dev.headstart.testkit;

import dev.headstart.autograd.Constant;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Op;
import dev.headstart.autograd.Result;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What every operator keeps to. Each law is checked from the operator's [OpSpec], with no code for the operator itself.
public enum OpLaw {
    /// What is recorded is the operator the specification is about; in inference, or when all is frozen, nothing is.
    RECORDS_ITSELF {
        @Override
        void check(OpSpec spec, Sample sample) {
            Variable y = Outcome.of(sample).y();
            require(y instanceof Result result && spec.op().isInstance(result.op()), "recorded is " + y);
            require(Outcome.of(sample, sample.inputs(), i -> true).y() instanceof Constant, "recorded although all inputs are frozen");
            Variable[] leaves = Outcome.of(sample).leaves().toArray(Variable[]::new);
            require(Mode.inference(() -> sample.apply().apply(leaves)) instanceof Constant, "recorded in inference");
        }
    },
    /// Gradients agree with finite differences, see [GradientCheck].
    GRADIENTS_ARE_RIGHT {
        @Override
        void check(OpSpec spec, Sample sample) {
            GradientCheck.check("gradient", sample.apply(), sample.inputs().toArray(Tensor[]::new));
        }
    },
    /// A gradient has its input's shape.
    GRADIENTS_HAVE_THEIR_INPUTS_SHAPES {
        @Override
        void check(OpSpec spec, Sample sample) {
            Outcome outcome = Outcome.of(sample);
            for (int i = 0; i < sample.inputs().size(); i++) {
                Tensor gradient = outcome.gradient(i);
                require(gradient != null && gradient.shape().equals(sample.inputs().get(i).shape()),
                        "gradient of input " + i + " is " + gradient);
            }
        }
    },
    /// How inputs and the given gradient lie in memory changes no bit.
    LAYOUT_DOES_NOT_MATTER {
        @Override
        Stream<Sample> samples(OpSpec spec) {
            return allSamples(spec);
        }

        @Override
        void check(OpSpec spec, Sample sample) {
            for (Layout layout : Layout.values()) {
                List<Tensor> views = sample.inputs().stream().map(layout::of).toList();
                List<Tensor> copies = views.stream().map(Tensor::copy).toList();
                Tensor dY = layout.of(GradientCheck.weights(sample.forward(copies).shape()));
                Outcome expected = Outcome.of(sample, copies, i -> false, dY.copy());
                same(layout + " everywhere", expected, Outcome.of(sample, views, i -> false, dY));
                if (sample == spec.large()) {
                    continue;
                }
                same(layout + " dY", expected, Outcome.of(sample, copies, i -> false, dY));
                for (int i = 0; i < views.size(); i++) {
                    List<Tensor> mixed = new ArrayList<>(copies);
                    mixed.set(i, views.get(i));
                    same(layout + " input " + i, expected, Outcome.of(sample, mixed, k -> false, dY.copy()));
                }
            }
        }
    },
    /// The number of threads changes no bit.
    THREADS_DO_NOT_MATTER {
        @Override
        Stream<Sample> samples(OpSpec spec) {
            return allSamples(spec);
        }

        @Override
        void check(OpSpec spec, Sample sample) {
            Outcome alone = Workers.sequential().call(() -> Outcome.of(sample));
            for (int threads = 2; threads <= 3; threads++) {
                same(threads + " threads", alone, Workers.of(threads).call(() -> Outcome.of(sample)));
            }
        }
    },
    /// A row alone gives the bits it gives inside a batch.
    BATCH_DOES_NOT_MATTER {
        @Override
        Stream<Sample> samples(OpSpec spec) {
            return allSamples(spec).filter(sample -> !sample.batched().isEmpty());
        }

        @Override
        void check(OpSpec spec, Sample sample) {
            Tensor y = sample.forward(sample.inputs());
            for (int row = 0; row < y.dim(0); row += Math.max(1, y.dim(0) / 11)) {
                List<Tensor> one = new ArrayList<>(sample.inputs());
                for (int i : sample.batched()) {
                    one.set(i, one.get(i).slice(0, row, row + 1));
                }
                require(sample.forward(one).bitsEqual(y.slice(0, row, row + 1)), "row " + row + " alone has other bits");
            }
        }
    },
    /// Neither forward nor backward changes an input, the given gradient or the result.
    NOTHING_IS_CHANGED {
        @Override
        void check(OpSpec spec, Sample sample) {
            List<Tensor> inputs = sample.inputs().stream().map(Tensor::copy).toList();
            Tensor y = sample.forward(inputs);
            Tensor given = GradientCheck.weights(y.shape());
            Tensor dY = given.copy();
            Outcome outcome = Outcome.of(sample, inputs, i -> false, dY);
            require(outcome.y().value().bitsEqual(y), "the result changed");
            require(dY.bitsEqual(given), "the given gradient changed");
            for (int i = 0; i < inputs.size(); i++) {
                require(inputs.get(i).bitsEqual(sample.inputs().get(i)), "input " + i + " changed");
            }
        }
    },
    /// Backward gives the same bits however often it is called.
    BACKWARD_MAY_BE_REPEATED {
        @Override
        void check(OpSpec spec, Sample sample) {
            Outcome first = Outcome.of(sample);
            Tensor dY = GradientCheck.weights(first.y().shape());
            same("second backward", first, new Outcome(first.y(), first.leaves(), first.y().backward(dY)));
        }
    },
    /// A frozen input gets no gradient, none is computed for it, and the others' keep their bits.
    FROZEN_INPUTS_COST_NOTHING {
        @Override
        void check(OpSpec spec, Sample sample) {
            Outcome free = Outcome.of(sample);
            forEachMask(sample, (wanted, outcome) -> {
                @Nullable
                Tensor[] computed = outcome.computed(wanted);
                for (int i = 0; i < wanted.length; i++) {
                    String input = "input " + i + " of " + Arrays.toString(wanted);
                    Tensor gradient = outcome.gradient(i);
                    Tensor before = free.gradient(i);
                    require(wanted[i] == (gradient != null), input + " has " + gradient);
                    require(computed == null || wanted[i] == (computed[i] != null), input + ": not what is wanted was computed");
                    require(gradient == null || (before != null && gradient.bitsEqual(before)), input + ": frozen others change its bits");
                }
            });
        }
    },
    /// Of what an operator keeps, whatever is wanted of it, each tensor makes a difference to a wanted gradient.
    NOTHING_IS_KEPT_IN_VAIN {
        @Override
        void check(OpSpec spec, Sample sample) {
            forEachMask(sample, (wanted, outcome) -> {
                if (outcome.y().value().size() > 0 && sample.inputs().stream().allMatch(x -> x.size() > 0)
                        && outcome.y() instanceof Result result && result.op() instanceof Op op) {
                    List<String> vain = Kept.inVain(op, wanted, GradientCheck.weights(result.shape()));
                    require(vain.isEmpty(), "wanted " + Arrays.toString(wanted) + ": " + vain + " kept in vain");
                }
            });
        }
    },
    /// Wrong uses are refused with the very words the specification has.
    ERRORS_ARE_EXPLAINED {
        @Override
        public void check(OpSpec spec) {
            for (Refusal refusal : spec.refusals()) {
                String message = message(refusal);
                require(refusal.message().equals(message),
                        spec + ": expected the message <" + refusal.message() + ">, not <" + message + ">");
            }
        }

        private @Nullable String message(Refusal refusal) {
            try {
                throw new AssertionError("expected the message <" + refusal.message() + ">, but the result is " + refusal.call().get());
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        }
    };

    /// Checks the law for one operator.
    ///
    /// @throws AssertionError when the operator does not keep to it
    public void check(OpSpec spec) {
        samples(spec).forEach(sample -> {
            try {
                check(spec, sample);
            } catch (AssertionError e) {
                throw new AssertionError(spec + " on " + sample + ": " + e.getMessage(), e);
            }
        });
    }

    /// The samples the law is checked on.
    Stream<Sample> samples(OpSpec spec) {
        return spec.samples().stream();
    }

    private static Stream<Sample> allSamples(OpSpec spec) {
        return Stream.concat(spec.samples().stream(), Stream.of(spec.large()));
    }

    void check(OpSpec spec, Sample sample) {
        throw new UnsupportedOperationException(name());
    }

    /// Runs a sample with every choice of inputs that are wanted, but none.
    private static void forEachMask(Sample sample, BiConsumer<boolean[], Outcome> body) {
        int inputs = sample.inputs().size();
        for (int mask = 1; mask < 1 << inputs; mask++) {
            boolean[] wanted = new boolean[inputs];
            for (int i = 0; i < inputs; i++) {
                wanted[i] = (mask >> i & 1) == 1;
            }
            body.accept(wanted, Outcome.of(sample, sample.inputs(), i -> !wanted[i]));
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static void same(String what, Outcome expected, Outcome actual) {
        String difference = expected.difference(actual);
        require(difference == null, what + ": " + difference);
    }
}
