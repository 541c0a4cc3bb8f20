package dev.headstart.testkit;

import dev.headstart.autograd.Variable;
import dev.headstart.autograd.op.BatchNorm;
import dev.headstart.autograd.op.GroupNorm;
import dev.headstart.tensor.Moments;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.List;
import java.util.function.Function;

/// Normalisation of channels by moments of the batch, of an image, or fixed ones.
final class ChannelNormSpecs {
    private static final float EPS = 1e-5f;

    private ChannelNormSpecs() {}

    static List<OpSpec> all() {
        return List.of(batchNorm(), groupNorm());
    }

    private static OpSpec batchNorm() {
        Function<Variable[], Variable> plain = v -> v[0].batchNorm(v[1], v[2], v[0].value().moments(), EPS);
        return new OpSpec(BatchNorm.class,
                List.of(sample(Shape.of(7, 3), 1, plain),
                        sample(Shape.of(2, 2, 3, 4), 1, plain),
                        sample(Shape.of(9, 17), 1, plain),
                        sample(Shape.of(40, 1), 1, plain),
                        sample(Shape.of(7, 0), 1, plain),
                        sample(Shape.of(2, 2, 2, 19), 5, ChannelNormSpecs::relu),
                        sample(Shape.of(8, 5), 5, ChannelNormSpecs::relu),
                        withAddend(Shape.of(2, 2, 2, 17), 5, ChannelNormSpecs::addendAndRelu),
                        withAddend(Shape.of(2, 4, 3), 1,
                                v -> BatchNorm.apply(v[0], v[1], v[2], v[3], v[0].value().moments(), EPS, false)),
                        sample(Shape.of(3, 2, 5), 1, v -> v[0].batchNorm(v[1], v[2], fixed(v[0]), EPS)).batched(0),
                        sample(Shape.of(5, 18), 0, v -> BatchNorm.apply(v[0], v[1], v[2], null, fixed(v[0]), EPS, true)).batched(0),
                        withAddend(Shape.of(3, 2, 19), 9, v -> BatchNorm.apply(v[0], v[1], v[2], v[3], fixed(v[0]), EPS, true))
                                .batched(0, 3),
                        sample(Shape.of(0, 3), 1, v -> v[0].batchNorm(v[1], v[2], fixed(v[0]), EPS))),
                withAddend(Shape.of(3, 40, 41, 37), 1, ChannelNormSpecs::addendAndRelu),
                List.of(refusal("x[2, 3], gamma[4], beta[4]: gamma and beta need the length of x's last axis", plain, Shape.of(2, 3), 4, 4),
                        refusal("x[2, 3], gamma[3], beta[1]: gamma and beta need the length of x's last axis", plain, Shape.of(2, 3), 3, 1),
                        refusal("x[2, 3], moments[4]: one of each channel is needed, or of each group of channels of each image",
                                v -> v[0].batchNorm(v[1], v[2], Moments.fixed(Tensor.zeros(Shape.of(4)), Tensor.ones(Shape.of(4))), EPS),
                                Shape.of(2, 3), 3, 3),
                        refusal("[2, 3], [3]: the shapes must be equal",
                                v -> BatchNorm.apply(v[0], v[1], v[2], v[1], v[0].value().moments(), EPS, false), Shape.of(2, 3), 3, 3)));
    }

    private static Variable relu(Variable... v) {
        return BatchNorm.apply(v[0], v[1], v[2], null, v[0].value().moments(), EPS, true);
    }

    private static Variable addendAndRelu(Variable... v) {
        return BatchNorm.apply(v[0], v[1], v[2], v[3], v[0].value().moments(), EPS, true);
    }

    /// Zero and one: with a beta of zero, what is positive is what x has positive.
    private static Moments fixed(Variable x) {
        Shape channels = Shape.of(x.shape().dim(-1));
        return Moments.fixed(Tensor.zeros(channels), Tensor.ones(channels));
    }

    /// @param shift how far beta is from zero: far enough, all of a channel passes ReLU or nothing, and no kink is near; 0 for a beta of zeros
    private static Sample sample(Shape x, float shift, Function<Variable[], Variable> apply) {
        Shape channels = Shape.of(x.dim(-1));
        return Sample.of(apply, Values.awayFromZero("x", x, 0.5f, 3), gamma(channels), beta(channels, shift));
    }

    private static Sample withAddend(Shape x, float shift, Function<Variable[], Variable> apply) {
        Shape channels = Shape.of(x.dim(-1));
        return Sample.of(apply, Values.awayFromZero("x", x, 0.5f, 3), gamma(channels), beta(channels, shift),
                Values.between("addend", x, -1, 1));
    }

    private static Tensor gamma(Shape channels) {
        return Values.awayFromZero("gamma", channels, 0.5f, 1.5f);
    }

    private static Tensor beta(Shape channels, float shift) {
        return shift == 0 ? Tensor.zeros(channels) : Values.awayFromZero("beta", channels, shift, shift + 1);
    }

    private static Refusal refusal(String message, Function<Variable[], Variable> apply, Shape x, int gamma, int beta) {
        return Refusal.of("normaliseChannels: " + message, apply, Tensor.zeros(x), Tensor.zeros(Shape.of(gamma)),
                Tensor.zeros(Shape.of(beta)));
    }

    private static OpSpec groupNorm() {
        return new OpSpec(GroupNorm.class,
                List.of(sample(Shape.of(2, 3, 2, 4), 1, groups(2)).batched(0),
                        sample(Shape.of(2, 3, 3, 3), 1, groups(3)).batched(0),
                        sample(Shape.of(2, 4, 18), 1, groups(1)).batched(0),
                        sample(Shape.of(3, 12), 1, groups(2)).batched(0),
                        sample(Shape.of(0, 3, 4), 1, groups(2))),
                sample(Shape.of(5, 33, 29, 24), 1, groups(6)).batched(0),
                List.of(Refusal.of("moments: x[2, 4, 6], 4 groups: x needs 2 axes, and groups must divide the last", groups(4),
                        Tensor.zeros(Shape.of(2, 4, 6)), Tensor.zeros(Shape.of(6)), Tensor.zeros(Shape.of(6))),
                        Refusal.of("moments: x[6], 2 groups: x needs 2 axes, and groups must divide the last", groups(2),
                                Tensor.zeros(Shape.of(6)), Tensor.zeros(Shape.of(6)), Tensor.zeros(Shape.of(6))),
                        refusal("x[2, 4, 6], gamma[3], beta[3]: gamma and beta need the length of x's last axis", groups(2),
                                Shape.of(2, 4, 6), 3, 3)));
    }

    private static Function<Variable[], Variable> groups(int number) {
        return v -> v[0].groupNorm(number, v[1], v[2], EPS);
    }
}
