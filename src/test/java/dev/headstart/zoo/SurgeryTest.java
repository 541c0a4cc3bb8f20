package dev.headstart.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.GradientCheck;
import dev.headstart.zoo.model.Surgery;
import dev.headstart.zoo.model.Surgery.Fate;
import dev.headstart.zoo.text.SelfAttention;
import dev.headstart.zoo.text.bert.Bert;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.bert.BertForPreTraining;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.bert.BertForTokenClassification;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Models made from others: heads, tokens and positions.
class SurgeryTest {
    private static final RandomStream RANDOM = RandomStream.of(5);
    private static final BertConfig BERT = BertConfig.of(40, 12, 2, 3, 20).withPositions(16);
    private static final Gpt2Config GPT2 = Gpt2Config.of(31, 24, 16, 3, 2).withDropout(0);

    private static TokenBatch batch(int time) {
        int[] ids = new int[time];
        Arrays.setAll(ids, i -> 3 + RANDOM.below(20, i));
        return TokenBatch.of(Indices.of(ids).reshape(1, time));
    }

    @Test
    void more_tokens_leave_the_old_ones_as_they_were() {
        BertForMaskedLM old = new BertForMaskedLM(BERT, RANDOM);
        old.parameters().get("cls.predictions.bias").take(RANDOM.normal(Shape.of(40), 0, 1));
        Surgery<BertForMaskedLM> grown = old.resizeTokenEmbeddings(50, RANDOM.child(1));
        BertForMaskedLM model = grown.model();
        assertEquals(50, model.config().vocabulary());
        Tensor before = old.forward(batch(9)).value();
        Tensor after = model.forward(batch(9)).value();
        assertEquals(Shape.of(1, 9, 50), after.shape());
        assertTrue(before.bitsEqual(after.slice(2, 0, 40)));
        Tensor fresh = model.parameters().get("bert.embeddings.word_embeddings.weight").value().slice(0, 40, 50);
        assertEquals(0.02, Math.sqrt(fresh.sumOfSquares().item() / fresh.size()), 0.005);
        assertEquals(0, model.parameters().get("cls.predictions.bias").value().slice(0, 40, 50).abs().max().item());
        Surgery.Change words = grown.change("bert.embeddings.word_embeddings.weight");
        assertEquals(new Surgery.Change("bert.embeddings.word_embeddings.weight", Fate.GROWN, Shape.of(40, 12), Shape.of(50, 12)), words);
        assertEquals(Fate.GROWN, grown.change("cls.predictions.bias").fate());
        assertEquals(2, grown.changes().stream().filter(change -> change.fate() != Fate.KEPT).count());
        assertEquals("grown    cls.predictions.bias [50], it was [40]", grown.change("cls.predictions.bias").toString());
    }

    @Test
    void fewer_tokens_are_the_first_ones() {
        Gpt2LanguageModel old = new Gpt2LanguageModel(GPT2, RANDOM);
        Surgery<Gpt2LanguageModel> cut = old.resizeTokenEmbeddings(25, RANDOM.child(1));
        assertTrue(old.forward(batch(9)).value().slice(2, 0, 25).bitsEqual(cut.model().forward(batch(9)).value()));
        assertEquals(Fate.CUT, cut.change("transformer.wte.weight").fate());
        assertTrue(cut.toString().contains("cut      transformer.wte.weight [25, 16], it was [31, 16]"), cut.toString());
    }

    @Test
    void positions_are_added_and_dropped_at_the_end() {
        Gpt2LanguageModel old = new Gpt2LanguageModel(GPT2, RANDOM);
        Gpt2LanguageModel longer = old.resizePositionEmbeddings(40, RANDOM.child(1)).model();
        Gpt2LanguageModel shorter = old.resizePositionEmbeddings(10, RANDOM.child(1)).model();
        assertTrue(old.forward(batch(10)).value().bitsEqual(longer.forward(batch(10)).value()));
        assertTrue(old.forward(batch(10)).value().bitsEqual(shorter.forward(batch(10)).value()));
        assertEquals(Shape.of(1, 40, 31), longer.forward(batch(40)).value().shape());
        assertThrows(IllegalArgumentException.class, () -> shorter.forward(batch(11)));
    }

    @Test
    void a_head_is_swapped_and_the_encoder_kept_frozen_as_it_was() {
        BertForSequenceClassification old = new BertForSequenceClassification(BERT.withLabels(3), RANDOM);
        old.parameters().select("bert.embeddings.**").freeze();
        BertForSequenceClassification fresh = new BertForSequenceClassification(BERT.withLabels(3), RANDOM.child(1));
        Tensor head = fresh.parameters().get("classifier.weight").value().copy();
        Surgery<BertForSequenceClassification> swapped = Surgery.swapHead(old, fresh);
        assertTrue(old.bert().forward(batch(9)).value().bitsEqual(fresh.bert().forward(batch(9)).value()));
        assertTrue(head.bitsEqual(fresh.parameters().get("classifier.weight").value()));
        assertEquals(Fate.NEW, swapped.change("classifier.weight").fate());
        assertFalse(fresh.parameters().get("bert.embeddings.LayerNorm.weight").isTrainable());
        assertTrue(fresh.parameters().get("bert.encoder.layer.0.output.dense.weight").isTrainable());
        assertEquals(2, swapped.changes().stream().filter(change -> change.fate() == Fate.DROPPED).count());
    }

    @Test
    void models_with_and_without_a_head_exchange_what_both_have() {
        BertForPreTraining trained = new BertForPreTraining(BERT, RANDOM);
        Surgery<Bert> bare = Surgery.carry(trained, new Bert(BERT, RANDOM.child(1)));
        assertTrue(bare.changes().stream().noneMatch(change -> change.fate() == Fate.NEW));
        assertEquals(Fate.DROPPED, bare.change("cls.seq_relationship.bias").fate());
        BertForTokenClassification tagger = new BertForTokenClassification(BERT.withLabels(5), RANDOM.child(2));
        Surgery<BertForTokenClassification> headed = Surgery.swapHead(bare.model(), tagger);
        assertTrue(trained.bert().forward(batch(9)).value().bitsEqual(headed.model().bert().forward(batch(9)).value()));
        assertEquals(Fate.DROPPED, headed.change("pooler.dense.weight").fate());
        assertEquals(Fate.NEW, headed.change("classifier.bias").fate());
        assertThrows(IllegalArgumentException.class, () -> headed.change("classifier.out_proj"));
    }

    @Test
    void what_has_another_shape_stays_new() {
        BertForSequenceClassification old = new BertForSequenceClassification(BERT.withLabels(3), RANDOM);
        Surgery<BertForSequenceClassification> other = Surgery.carry(old,
                new BertForSequenceClassification(BERT.withLabels(4), RANDOM.child(1)));
        assertEquals(Fate.REPLACED, other.change("classifier.weight").fate());
        assertEquals(Fate.KEPT, other.change("bert.pooler.dense.weight").fate());
    }

    @Test
    void attention_from_one_product_has_the_gradient_of_attention() {
        Tensor qkv = RANDOM.normal(Shape.of(2, 5, 12), 0, 1);
        Tensor mask = Tensor.of(Shape.of(2, 1, 1, 5), 0, 0, 0, 0, 0, 0, 0, Float.NEGATIVE_INFINITY, 0, 0);
        for (AttentionPattern pattern : new AttentionPattern[] {AttentionPattern.FULL, AttentionPattern.CAUSAL,
            AttentionPattern.CAUSAL.masked(mask)}) {
            GradientCheck.check("self attention", x -> SelfAttention.apply(x[0], 2, pattern), qkv);
        }
    }
}
