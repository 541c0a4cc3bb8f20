package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.StorageOf;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.vision.ResNet;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a forward pass leaves in memory for backward: the arrays that the operators of its graph keep, and those that its variables hold, the
/// parameters' own left out. Counted, not measured: the same everywhere.
class LiveMemoryTest {
    private static final RandomStream RANDOM = RandomStream.of(1);

    /// Bytes of arrays, each counted once.
    ///
    /// @param kept what operators keep for gradients
    /// @param all what the graph reaches
    private record Live(long kept, long all) {}

    private static Live live(Variable root, Parameters own) {
        Set<float[]> parameters = identities();
        own.byName().values().forEach(parameter -> parameters.add(StorageOf.under(parameter.value())));
        Set<float[]> kept = identities();
        Set<float[]> all = identities();
        if (root instanceof Result last) {
            for (Result result : Backward.ordered(last)) {
                collect(result.op(), kept);
                all.add(StorageOf.under(result.value()));
                result.inputs().forEach(input -> all.add(StorageOf.under(input.value())));
            }
        }
        all.addAll(kept);
        kept.removeAll(parameters);
        all.removeAll(parameters);
        return new Live(bytes(kept), bytes(all));
    }

    private static Set<float[]> identities() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static long bytes(Set<float[]> arrays) {
        return arrays.stream().mapToLong(array -> 4L * array.length).sum();
    }

    /// The tensors in a record's components.
    private static void collect(Object value, Set<float[]> into) {
        switch (value) {
            case Tensor tensor -> into.add(StorageOf.under(tensor));
            case Tensor[] tensors -> {
                for (Tensor tensor : tensors) {
                    if (tensor != null) {
                        into.add(StorageOf.under(tensor));
                    }
                }
            }
            case Recompute recompute -> throw new AssertionError("not counted: " + recompute);
            case Record object -> {
                for (RecordComponent component : object.getClass().getRecordComponents()) {
                    try {
                        component.getAccessor().setAccessible(true);
                        Object inside = component.getAccessor().invoke(object);
                        if (inside != null) {
                            collect(inside, into);
                        }
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError("a record's component can be read", e);
                    }
                }
            }
            default -> {}
        }
    }

    private static final BertForSequenceClassification BERT = new BertForSequenceClassification(
            BertConfig.named("bert-base-uncased").withLabels(2), RANDOM);
    private static final ResNet RESNET = ResNet.of(50, 1000, RANDOM);

    private static Live bert(String trainable) {
        int[] ids = IntStream.range(1000, 1128).toArray();
        freezeAllBut(trainable, BERT.parameters());
        return live(BERT.forward(TokenBatch.of(Indices.of(Shape.of(2, 64), ids))), BERT.parameters());
    }

    private static Live resnet50(String trainable) {
        freezeAllBut(trainable, RESNET.parameters());
        return live(RESNET.forward(Variable.of(RANDOM.child("images").normal(Shape.of(1, 128, 128, 3), 0, 1))), RESNET.parameters());
    }

    private static void freezeAllBut(String trainable, Parameters parameters) {
        parameters.freeze();
        parameters.select(trainable).unfreeze();
    }

    @Test
    void with_all_but_the_head_frozen_the_head_s_input_is_all_that_is_kept() {
        Live bert = bert("classifier.*");
        Live resnet = resnet50("fc.*");
        System.out.println("live memory, all but the head frozen: BERT-base [2, 64] " + bert + ", ResNet-50 [1, 128, 128, 3] " + resnet);
        assertEquals(4L * 2 * 768, bert.kept()); // the pooled texts
        assertEquals(4L * 2 * (768 + 2), bert.all()); // and the logits
        assertEquals(4L * 2048, resnet.kept());
        assertEquals(4L * (2048 + 1000), resnet.all());
    }

    @Test
    void gradients_that_pass_through_frozen_layers_keep_no_input_of_their_weights() {
        Live bert = bert("bert.embeddings.word_embeddings.weight");
        Live resnet = resnet50("conv1.weight");
        System.out.println(
                "live memory, all but the first layer frozen: BERT-base [2, 64] " + bert + ", ResNet-50 [1, 128, 128, 3] " + resnet);
        assertTrue(bert.kept() < 43_000_000, bert.toString());
        assertTrue(resnet.kept() < 13_500_000, resnet.toString());
    }

    @Test
    void what_was_frozen_when_it_was_computed_gets_no_gradient_later() {
        Parameter x = Parameter.of(Tensor.ones(Shape.of(2, 3)));
        Parameter weight = Parameter.of(Tensor.ones(Shape.of(4, 3)));
        weight.freeze();
        Variable y = x.linear(weight, null).sum();
        y.backward();
        weight.unfreeze();
        assertEquals("Linear: an input was frozen when the operator was applied, and is not now: compute the value again",
                assertThrows(IllegalStateException.class, y::backward).getMessage());
    }
}
