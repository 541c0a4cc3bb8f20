package dev.headstart.train.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Variable;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.nn.model.MaskedTokenScores;
import dev.headstart.nn.model.NextTokenScores;
import dev.headstart.nn.model.SequenceScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.own.MaskedLanguageModel;
import dev.headstart.zoo.own.TextClassifier;
import dev.headstart.zoo.own.TextEncoder;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Objectives fill up batches with what the network says, whatever its tokenizer.
class PaddingTest {
    private static final RandomStream RANDOM = RandomStream.of(4);
    private static final int PADDING = 7;
    private static final List<int[]> SEQUENCES = List.of(new int[] {10, 11}, new int[] {12, 13, 14});

    private final List<TokenBatch> batches = new ArrayList<>();

    private final class Masked implements MaskedTokenScores {
        @Override
        public int vocabulary() {
            return 20;
        }

        @Override
        public int padding() {
            return PADDING;
        }

        @Override
        public Variable tokenLoss(TokenBatch batch, Indices labels) {
            batches.add(batch);
            return Variable.of(Tensor.scalar(0));
        }
    }

    private final class Classifier implements SequenceScores {
        @Override
        public int width() {
            return 2;
        }

        @Override
        public int padding() {
            return PADDING;
        }

        @Override
        public Variable features(TokenBatch batch) {
            batches.add(batch);
            return Variable.of(Tensor.zeros(Shape.of(batch.size(), 2)));
        }

        @Override
        public Variable classify(Variable features) {
            return features;
        }
    }

    private void assertPadded() {
        TokenBatch batch = batches.removeFirst();
        assertEquals(PADDING, batch.ids().at(2));
        assertEquals(0, batch.keptOrOnes().get(0, 2));
        assertTrue(batches.isEmpty());
    }

    @Test
    void every_objective_pads_with_the_networks_token() {
        new MaskedLanguage(new Masked(), SEQUENCES, 0.15, 2, 10).loss(new int[] {0, 1}, RANDOM);
        assertPadded();
        new TextClassification(new Classifier(), SEQUENCES, new int[] {0, 1}, CrossEntropy.PLAIN).loss(new int[] {0, 1}, RANDOM);
        assertPadded();
        TextClassification.features(new Classifier(), SEQUENCES);
        assertPadded();
    }

    @Test
    void networks_know_their_padding() {
        TextEncoder.Config config = new TextEncoder.Config(20, 8, 4, 1, 1, 4, 0);
        assertEquals(CharVocabulary.PADDING, new TextClassifier(config, 2, RANDOM).padding());
        assertEquals(CharVocabulary.PADDING, new MaskedLanguageModel(config, RANDOM).padding());
        assertEquals(5, new BertForMaskedLM(BertConfig.of(20, 4, 1, 1, 4).withPadding(5), RANDOM).padding());
    }

    /// A network with both would let an objective give it inputs that contain the answers.
    @Test
    void no_network_scores_hidden_tokens_and_next_ones() {
        for (Class<?> masked : List.of(BertForMaskedLM.class, MaskedLanguageModel.class)) {
            assertTrue(MaskedTokenScores.class.isAssignableFrom(masked));
            assertFalse(NextTokenScores.class.isAssignableFrom(masked), masked.getName());
        }
        assertTrue(NextTokenScores.class.isAssignableFrom(Gpt2LanguageModel.class));
        assertFalse(MaskedTokenScores.class.isAssignableFrom(Gpt2LanguageModel.class));
    }
}
