package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.StorageOf;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.vision.ResNet;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a forward pass leaves in memory: the arrays that can be reached from its result, the parameters' own left out. Counted, not
/// measured: the same everywhere.
class LiveMemoryTest {
    private static final RandomStream RANDOM = RandomStream.of(1);

    private final Map<Integer, float[]> zeros = new HashMap<>();

    /// Bytes of the arrays that can be reached from a result, each counted once.
    private static final class Live {
        private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private long bytes;

        static long bytes(Variable result, Parameters own) {
            Live live = new Live();
            own.stream().forEach(parameter -> live.seen.add(StorageOf.under(parameter.value())));
            live.reach(result);
            return live.bytes;
        }

        private void reach(@Nullable Object object) {
            if (object == null || !seen.add(object)) {
                return;
            }
            switch (object) {
                case float[] array -> bytes += 4L * array.length;
                case int[] array -> bytes += 4L * array.length;
                case Tensor tensor -> reach(StorageOf.under(tensor));
                case Object[] array -> {
                    for (Object element : array) {
                        reach(element);
                    }
                }
                case Collection<?> collection -> collection.forEach(this::reach);
                case Parameter parameter -> reach(parameter.value());
                case Shape shape -> {} // a few numbers for each operator, as the flags and names are
                case boolean[] flags -> {}
                case Class<?> name -> {}
                case Number number -> {}
                case Boolean flag -> {}
                case Enum<?> constant -> {}
                default -> reachFields(object);
            }
        }

        private void reachFields(Object object) {
            if (!object.getClass().getName().startsWith("dev.headstart.") || object.getClass().isHidden()) {
                throw new AssertionError("not counted: " + object.getClass());
            }
            for (Field field : object.getClass().getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    try {
                        field.setAccessible(true);
                        reach(field.get(object));
                    } catch (IllegalAccessException e) {
                        throw new LinkageError("a field can be read", e);
                    }
                }
            }
        }
    }

    private long bert(String trainable) {
        BertForSequenceClassification bert = new BertForSequenceClassification(BertConfig.named("bert-base-uncased").withLabels(2), RANDOM);
        prepare(bert.parameters(), trainable);
        int[] ids = IntStream.range(1000, 1128).toArray();
        return Live.bytes(bert.forward(TokenBatch.of(Indices.of(Shape.of(2, 64), ids))), bert.parameters());
    }

    private long resnet50(String trainable) {
        ResNet resnet = ResNet.of(50, 1000, RANDOM);
        prepare(resnet.parameters(), trainable);
        Tensor images = RANDOM.child("images").normal(Shape.of(1, 128, 128, 3), 0, 1);
        return Live.bytes(resnet.forward(Variable.of(images)), resnet.parameters());
    }

    /// Zeros, which parameters of one size share: what they are does not count.
    private void prepare(Parameters parameters, String trainable) {
        for (Parameter parameter : parameters) {
            parameter.take(Tensor.wrap(parameter.shape(), zeros.computeIfAbsent(parameter.shape().size(), float[]::new)));
        }
        parameters.freeze();
        parameters.select(trainable).unfreeze();
    }

    @Test
    void with_all_but_the_head_frozen_the_head_s_input_and_the_result_are_all_that_is_left() {
        assertEquals(4L * 2 * (768 + 2), bert("classifier.*")); // the pooled texts and the logits
        assertEquals(4L * (2048 + 1000), resnet50("fc.*"));
    }

    @Test
    void gradients_that_pass_through_frozen_layers_leave_no_input_of_their_weights() {
        assertEquals(42_892_816, bert("bert.embeddings.word_embeddings.weight"));
        assertEquals(13_225_376, resnet50("conv1.weight"));
    }

    @Test
    void with_nothing_frozen_it_is_what_the_operators_keep() {
        assertEquals(75_929_872, bert("**"));
        assertEquals(26_963_360, resnet50("**"));
    }
}
