package dev.headstart.testkit;

import java.util.List;
import java.util.stream.Stream;

/// The specification of every operator of `autograd.op`. A new operator adds its line to the list of its family.
public final class OpCatalogue {
    private OpCatalogue() {}

    /// All operators, each once.
    public static List<OpSpec> all() {
        return Stream
                .of(ElementwiseSpecs.all(), ProductSpecs.all(), ConvolutionSpecs.all(), PoolingSpecs.all(), ReductionSpecs.all(),
                        RowSpecs.all(), ChannelNormSpecs.all(), MovingSpecs.all(), AttentionSpecs.all())
                .flatMap(List::stream).toList();
    }
}
