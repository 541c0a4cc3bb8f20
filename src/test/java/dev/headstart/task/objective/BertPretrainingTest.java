package dev.headstart.task.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Checkpoints;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.task.objective.BertPretraining.Batch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import dev.headstart.train.objective.TokenMasking;
import dev.headstart.zoo.text.TransformerSizes;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.bert.BertForPreTraining;
import dev.headstart.zoo.text.bert.SegmentPairs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BertPretrainingTest {
    private static final RandomStream RANDOM = RandomStream.of(13);
    private static final int VOCABULARY = 50;
    private static final TokenMasking MASKING = TokenMasking.of(0.15, 20, 3, VOCABULARY, Set.of(0, 1, 2));
    private static final BertPretraining.Model NOTHING = new BertPretraining.Model(0, _ -> Variable.of(Tensor.scalar(0)));

    private static int[] sequence(int length, int shift) {
        return IntStream.range(0, length).map(i -> i == 0 ? 1 : i == length - 1 ? 2 : 4 + (i + shift) % (VOCABULARY - 4)).toArray();
    }

    private static Indices ids(Batch batch) {
        return batch.masked().tokens().ids();
    }

    private static List<SegmentPairs.Pair> pairs() {
        return List.of(new SegmentPairs.Pair(new int[] {1, 7, 8, 2, 9, 2}, new int[] {0, 0, 0, 0, 1, 1}, true),
                new SegmentPairs.Pair(new int[] {1, 5, 2, 6, 2}, new int[] {0, 0, 0, 1, 1}, false));
    }

    @Test
    void a_batch_is_padded_and_its_positions_are_numbered_row_by_row() {
        Batch batch = BertPretraining.ofPairs(NOTHING, pairs(), MASKING).batch(new int[] {1, 0}, RANDOM);
        assertEquals(Shape.of(2, 6), ids(batch).shape());
        assertEquals(Indices.of(Shape.of(2, 6), 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1), batch.masked().tokens().types());
        Tensor kept = batch.masked().tokens().keptOrOnes();
        assertEquals(List.of(1f, 0f), List.of(kept.get(0, 4), kept.get(0, 5)));
        assertEquals(11, kept.sum().item());
        assertEquals(Indices.of(0, 1), batch.next());
        assertEquals(2, batch.masked().positions().size());
        int[] all = {1, 5, 2, 6, 2, 0, 1, 7, 8, 2, 9, 2};
        for (int i = 0; i < 2; i++) {
            assertEquals(i, batch.masked().positions().at(i) / 6);
            assertEquals(all[batch.masked().positions().at(i)], batch.masked().originals().at(i));
        }
    }

    @Test
    void the_padding_is_the_networks() {
        BertConfig roberta = BertConfig.of(BertConfig.Family.ROBERTA, new TransformerSizes(VOCABULARY, 12, 4, 1, 1, 4));
        BertPretraining.Model model = BertPretraining.masked(new BertForMaskedLM(roberta, RANDOM));
        Batch batch = BertPretraining.ofSequences(model, List.of(sequence(4, 0), sequence(6, 0)), MASKING).batch(new int[] {0, 1}, RANDOM);
        assertEquals(List.of(1, 1), List.of(ids(batch).at(4), ids(batch).at(5)));
        BertForPreTraining pairs = new BertForPreTraining(BertConfig.named("bert-tiny").withPadding(9), RANDOM);
        assertEquals(9, BertPretraining.pairs(pairs).padding());
    }

    @Test
    void static_masks_are_one_for_each_copy_and_dynamic_ones_new_each_time() {
        List<int[]> sequences = List.of(sequence(60, 0), sequence(60, 9));
        BertPretraining dynamic = BertPretraining.ofSequences(NOTHING, sequences, MASKING);
        BertPretraining fixed = dynamic.withStaticMasks(3, RANDOM.child("masks"));
        assertEquals(2, dynamic.examples());
        assertEquals(6, fixed.examples());
        int[] zero = {0};
        assertNotEquals(dynamic.batch(zero, RANDOM.child(1)).masked().positions(),
                dynamic.batch(zero, RANDOM.child(2)).masked().positions());
        assertEquals(ids(dynamic.batch(zero, RANDOM.child(1))), ids(dynamic.batch(zero, RANDOM.child(1))));
        assertEquals(ids(fixed.batch(zero, RANDOM.child(1))), ids(fixed.batch(zero, RANDOM.child(2))));
        assertNotEquals(fixed.batch(zero, RANDOM).masked().positions(), fixed.batch(new int[] {2}, RANDOM).masked().positions());
        assertEquals(Indices.of(-100), fixed.batch(zero, RANDOM).next());
        Batch both = fixed.batch(new int[] {5, 0}, RANDOM);
        Batch alone = fixed.batch(zero, RANDOM);
        for (int i = 0; i < 60; i++) {
            assertEquals(ids(alone).at(i), ids(both).at(60 + i), "a static mask does not depend on the batch");
        }
    }

    @Test
    void a_batch_with_nothing_to_hide_is_refused() {
        BertPretraining nothing = BertPretraining.ofSequences(NOTHING, List.of(new int[] {1, 2}), MASKING);
        assertThrows(IllegalStateException.class, () -> nothing.loss(new int[] {0}, RANDOM));
        assertThrows(IllegalArgumentException.class, () -> nothing.withStaticMasks(0, RANDOM));
    }

    /// A bag of tokens: one table for the hidden ones, one for the question whether B follows.
    private static BertPretraining.Model tables(Parameter hidden, Parameter next, List<Batch> seen) {
        return new BertPretraining.Model(0, batch -> {
            seen.add(batch);
            Variable tokens = Variable.of(Tensor.ones(Shape.of(batch.masked().positions().size(), 1))).times(hidden);
            Variable rows = Variable.of(Tensor.ones(Shape.of(batch.next().size(), 1))).times(next);
            return CrossEntropy.PLAIN.of(tokens, batch.masked().originals()).plus(CrossEntropy.PLAIN.of(rows, batch.next()));
        });
    }

    private static List<Batch> run(Path folder, long... until) {
        List<Batch> seen = new ArrayList<>();
        Parameter hidden = Parameter.of(Tensor.zeros(Shape.of(VOCABULARY)));
        Parameter next = Parameter.of(Tensor.zeros(Shape.of(2)));
        for (long steps : until) {
            Parameters parameters = Parameters.of(Map.of("hidden", hidden, "next", next));
            List<int[]> sequences = IntStream.range(0, 10).mapToObj(i -> sequence(20 + i, i)).toList();
            BertPretraining objective = BertPretraining.ofSequences(tables(hidden, next, seen), sequences, MASKING);
            Trainer.of(objective, parameters, Adam.adamW(List.of(ParamGroup.of(parameters).rate(0.1)), Schedule.constant(), 1),
                    Batches.of(10, 4, RANDOM.child("batches")), RANDOM)
                    .checkpoints(Checkpoints.in(folder), 3).run(steps);
        }
        return seen;
    }

    @Test
    void a_resumed_run_gets_the_same_batches(@TempDir Path folder) {
        List<Batch> once = run(folder.resolve("once"), 9);
        List<Batch> resumed = run(folder.resolve("resumed"), 3, 6, 9);
        assertEquals(9, once.size());
        for (int i = 0; i < 9; i++) {
            assertEquals(ids(once.get(i)), ids(resumed.get(i)));
            assertEquals(once.get(i).masked().positions(), resumed.get(i).masked().positions());
        }
        assertTrue(once.stream().map(batch -> batch.masked().positions()).distinct().count() == 9);
    }

    @Test
    void pairs_have_the_losses_of_hidden_tokens_and_of_the_next_sentence() {
        BertForPreTraining bert = new BertForPreTraining(BertConfig.named("bert-tiny"), RANDOM.child("bert"));
        BertPretraining objective = BertPretraining.ofPairs(BertPretraining.pairs(bert), pairs(), MASKING);
        Batch batch = objective.batch(new int[] {0, 1}, RANDOM);
        BertForPreTraining.Answers answers = bert.forward(batch.masked().tokens());
        float expected = CrossEntropy.PLAIN.of(answers.tokens(), batch.masked().labels()).value().item()
                + CrossEntropy.PLAIN.of(answers.next(), batch.next()).value().item();
        assertEquals(expected, objective.loss(new int[] {0, 1}, RANDOM).value().item(), 1e-4f);
    }
}
