package dev.headstart.zoo.text;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.bert.Bert;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// A text without a token counts as one padding token that is kept: what networks make of it is finite, and does not depend on the others.
class EmptyTextTest {
    private static final RandomStream RANDOM = RandomStream.of(5);
    private static final int PADDING = 1;

    private static void demandOnePaddingToken(Function<TokenBatch, Variable> network) {
        Tensor both = network.apply(TokenBatch.of(List.of(new int[0], new int[] {7, 8, 9}), PADDING)).value();
        Tensor empty = both.slice(0, 0, 1).slice(1, 0, 1).contiguous();
        Tensor padding = network.apply(TokenBatch.of(List.of(new int[] {PADDING}), PADDING)).value();
        assertTrue(empty.bitsEqual(padding), empty + " is not " + padding);
        for (float value : both.toArray()) {
            assertTrue(Float.isFinite(value), both.toString());
        }
    }

    @Test
    void bert_reads_it_as_one_padding_token() {
        demandOnePaddingToken(new Bert(BertConfig.of(40, 64, 2, 1, 20).withDropout(0), RANDOM)::forward);
    }

    @Test
    void gpt2_reads_it_as_one_padding_token() {
        demandOnePaddingToken(new Gpt2LanguageModel(Gpt2Config.of(31, 24, 64, 3, 1), RANDOM)::forward);
    }
}
