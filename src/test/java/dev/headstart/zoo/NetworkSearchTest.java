package dev.headstart.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Variable;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.nn.transfer.TransferException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.vision.CifarResNet;
import dev.headstart.zoo.vision.MnistCnn;
import dev.headstart.zoo.vision.ResNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checkpoints of training runs: a network's weights under any prefix, beside anything, with or without a head.
class NetworkSearchTest {
    private static final RandomStream RANDOM = RandomStream.of(5);
    private static final ResNet RESNET = new ResNet(new ResNet.Config(ResNet.Block.BASIC, 2, List.of(1, 1, 1, 1), 3), RANDOM);
    private static final CifarResNet CIFAR = CifarResNet.of(8, 4, RANDOM.child(1));

    @TempDir
    private Path folder;

    private static Map<String, Tensor> under(String prefix, Map<String, Tensor> tensors) {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> renamed.put(prefix + name, tensor));
        return renamed;
    }

    private static Map<String, Tensor> without(String prefix, Map<String, Tensor> tensors) {
        Map<String, Tensor> left = new LinkedHashMap<>(tensors);
        left.keySet().removeIf(name -> name.startsWith(prefix));
        return left;
    }

    @SafeVarargs
    private Weights file(Map<String, Tensor>... parts) throws IOException {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (Map<String, Tensor> part : parts) {
            all.putAll(part);
        }
        Path file = folder.resolve("checkpoint.safetensors");
        SafeTensors.write(file, all);
        return Weights.open(file);
    }

    private static FoundNetwork found(Weights weights, String... part) throws IOException {
        return Architectures.find(weights, part.length == 0 ? null : part[0]).orElseThrow();
    }

    private static Published loaded(FoundNetwork found) throws IOException {
        Published network = found.architecture().build(RANDOM.child(9));
        network.load(found.weights());
        return network;
    }

    /// The network, loaded, has this one's weights; what it lacks are those under a name.
    private static void same(Published wanted, String lacking, FoundNetwork found) throws IOException {
        Map<String, Tensor> tensors = loaded(found).export();
        Map<String, Tensor> expected = lacking.isEmpty() ? wanted.export() : without(lacking, wanted.export());
        assertEquals(expected.keySet(), tensors.keySet());
        expected.forEach((name, tensor) -> assertTrue(tensor.bitsEqual(Objects.requireNonNull(tensors.get(name))), name));
    }

    private static final Map<String, Tensor> ADAM = Map.of("optimizer.state.0.step", Tensor.scalar(7), "optimizer.state.0.exp_avg",
            Tensor.zeros(Shape.of(2, 3, 7, 7)), "optimizer.state.0.exp_avg_sq", Tensor.zeros(Shape.of(2, 3, 7, 7)));

    @ParameterizedTest
    @ValueSource(strings = {"module.", "_orig_mod.module.", "module._orig_mod.", "module.module._orig_mod.module.", "model.", "net.",
        "network.", "backbone.", "module.encoder.", "model.backbone.", "lightning.model._orig_mod.", "_fsdp_wrapped_module.x.y.z."})
    void any_prefix_of_all_names_is_left_off_and_said(String prefix) throws IOException {
        FoundNetwork found = found(file(under(prefix, RESNET.export())));
        same(RESNET, "", found);
        assertEquals("ResNet-10, 3 classes", found.architecture().name());
        assertTrue(found.notes().getFirst().endsWith(": the names begin with " + prefix + ", which is left off"), found.notes().toString());
    }

    @Test
    void wrappers_within_names_are_left_off() throws IOException {
        Map<String, Tensor> wrapped = new LinkedHashMap<>();
        RESNET.export().forEach((name, tensor) -> wrapped.put(name.replace("layer2.", "layer2.module."), tensor));
        FoundNetwork found = found(file(wrapped));
        same(RESNET, "", found);
        assertTrue(found.notes().getFirst().contains("put into names is left off (layer2.module."), found.notes().toString());
    }

    @Test
    void a_whole_file_is_taken_as_it_is_without_a_word() throws IOException {
        Weights file = file(CIFAR.export());
        FoundNetwork found = found(file);
        assertEquals(List.of(), found.notes());
        assertEquals(file, found.weights());
    }

    @Test
    void weights_are_found_beside_an_optimiser_and_the_rest_is_counted() throws IOException {
        FoundNetwork found = found(file(under("state_dict.module.", CIFAR.export()), ADAM, Map.of("best_acc1", Tensor.scalar(71.2f))));
        same(CIFAR, "", found);
        String note = found.notes().getFirst();
        assertTrue(note.contains("the network is state_dict.module; 4 tensors that are none of the network's are left out ("), note);
    }

    @Test
    void state_beside_unwrapped_weights_is_left_out_and_counted() throws IOException {
        FoundNetwork found = found(file(CIFAR.export(), ADAM, Map.of("epoch", Tensor.scalar(3))));
        same(CIFAR, "", found);
        assertTrue(found.notes().getFirst().contains(": 4 tensors that are none of the network's are left out"), found.notes().toString());
    }

    /// DeepSpeed's dictionary is called as a wrapper of PyTorch: what is not within it is beside it.
    @Test
    void what_stands_beside_a_wrapper_is_left_out_and_within_it_is_refused() throws IOException {
        Map<String, Tensor> centre = Map.of("center", Tensor.zeros(Shape.of(1, 4)));
        FoundNetwork found = found(file(under("module.", CIFAR.export()), centre));
        same(CIFAR, "", found);
        assertTrue(
                found.notes().getFirst().endsWith(": the network is module; a tensor that is none of the network's is left out (center)"),
                found.notes().toString());
        FoundNetwork within = found(file(under("module.", CIFAR.export()), under("module.", centre)));
        assertThrows(TransferException.class, () -> loaded(within));
    }

    @Test
    void what_is_within_a_network_and_not_understood_is_refused_by_name() throws IOException {
        for (String name : List.of("layer1.0.attention.weight", "pool.p")) {
            FoundNetwork found = found(file(CIFAR.export(), Map.of(name, Tensor.zeros(Shape.of(1)))));
            assertTrue(
                    String.valueOf(assertThrows(TransferException.class, () -> loaded(found)).getMessage()).contains("unexpected " + name));
        }
    }

    @Test
    void an_average_comes_first_and_another_part_can_be_chosen() throws IOException {
        ResNet other = new ResNet(RESNET.config(), RANDOM.child(2));
        Weights weights = file(under("state_dict.", RESNET.export()), under("state_dict_ema.", other.export()), ADAM);
        same(other, "", found(weights));
        String note = found(weights).notes().getFirst();
        assertTrue(note.contains("of the parts that make a network, state_dict_ema is taken, not state_dict; "), note);
        same(RESNET, "", found(weights, "state_dict"));
        Weights torchvision = file(under("model.", RESNET.export()), under("model_ema.module.", other.export()),
                Map.of("model_ema.n_averaged", Tensor.scalar(9)));
        same(other, "", found(torchvision));
    }

    @Test
    void the_trained_encoder_of_a_pair_comes_first() throws IOException {
        ResNet other = new ResNet(RESNET.config(), RANDOM.child(2));
        for (List<String> pair : List.of(List.of("module.encoder_q.", "module.encoder_k."),
                List.of("x.teacher.backbone.", "x.student.backbone."))) {
            Weights weights = file(under(pair.get(1), other.export()), under(pair.get(0), RESNET.export()));
            same(RESNET, "", found(weights));
            String second = pair.get(1).split("\\.")[1];
            same(other, "", found(weights, second));
            same(other, "", found(weights, pair.get(1)));
        }
    }

    @Test
    void parts_without_an_order_are_refused_by_name() throws IOException {
        Weights weights = file(under("left.", RESNET.export()), under("right.", CIFAR.export()));
        String message = String.valueOf(assertThrows(PartException.class, () -> found(weights)).getMessage());
        assertTrue(message.endsWith("2 parts of it make a network, and which is meant is not known: left (ResNet-10, 3 classes), "
                + "right (ResNet-8 for CIFAR, 4 classes)"), message);
        same(CIFAR, "", found(weights, "right"));
        String none = String.valueOf(assertThrows(PartException.class, () -> found(weights, "middle")).getMessage());
        assertTrue(none.contains("no part of it is named middle: it has"), none);
    }

    @Test
    void what_is_no_network_is_described() throws IOException {
        Weights weights = file(ADAM, Map.of("best", Tensor.scalar(1)));
        assertEquals(Optional.empty(), Architectures.find(weights, null));
        assertEquals("it has 4 tensors, under optimizer (3), best (1)", Architectures.parts(weights));
    }

    @Test
    void a_body_with_another_head_has_none() throws IOException {
        Map<String, Tensor> projection = Map.of("module.encoder.fc.0.weight", Tensor.zeros(Shape.of(16, 16)), "module.encoder.fc.0.bias",
                Tensor.zeros(Shape.of(16)), "module.encoder.fc.1.num_batches_tracked", Tensor.scalar(3), "module.encoder.fc.2.weight",
                Tensor.zeros(Shape.of(8, 16)), "module.predictor.0.weight",
                Tensor.zeros(Shape.of(4, 8)));
        FoundNetwork found = found(file(under("module.encoder.", without("fc.", RESNET.export())), projection));
        assertEquals("ResNet-10, no head", found.architecture().name());
        same(RESNET, "fc.", found);
        assertTrue(found.notes().getFirst().contains("; 4 tensors that are none of the network's are left out"), found.notes().toString());
    }

    @Test
    void a_body_without_a_head_gets_one() throws IOException {
        for (ImageClassifier whole : List.of(RESNET, CIFAR, new MnistCnn(5, RANDOM))) {
            Map<String, Tensor> tensors = whole.export();
            whole.head().forEach(head -> tensors.keySet().removeIf(name -> name.startsWith(head)));
            ImageClassifier body = (ImageClassifier) loaded(found(file(tensors)));
            assertTrue(body.isHeadless());
            assertEquals(List.of(), List.copyOf(body.headParameters().byName().keySet()));
            Tensor images = RANDOM.normal(Shape.of(2, 28, 28, whole.preprocessing().channels()), 0, 1);
            assertTrue(whole.features(Variable.of(images)).value()
                    .bitsEqual(body.features(Variable.of(images)).value()));
            assertThrows(IllegalStateException.class, () -> body.forward(Variable.of(images)));
            ImageClassifier headed = body.withHead(6, RANDOM);
            assertEquals(6, headed.classes());
            assertEquals(whole.export().keySet(), headed.export().keySet());
        }
    }

    @Test
    void networks_for_texts_are_found_too() throws IOException {
        BertConfig config = BertConfig.of(40, 12, 2, 3, 20).withPositions(16).withLabels(List.of("a", "b", "c"));
        BertForSequenceClassification bert = new BertForSequenceClassification(config, RANDOM);
        Map<String, Tensor> bare = new LinkedHashMap<>();
        bert.export().forEach((name, tensor) -> bare.put(name.replace("bert.", ""), tensor));
        for (Map<String, Tensor> tensors : List.of(under("model.", bert.export()), under("state_dict.module.", bare))) {
            FoundNetwork found = found(file(tensors, ADAM));
            assertTrue(found.architecture().name().startsWith("BertForSequenceClassification"), found.architecture().name());
            same(bert, "", found);
        }
        Path settings = folder.resolve("config.json");
        config.json().write(settings);
        same(bert, "", Architectures.find(file(under("model.", bert.export()), ADAM), null, settings).orElseThrow());
    }

    @Test
    void counters_and_bookkeeping_never_block_a_load() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>(CIFAR.export());
        tensors.put("bn1.num_batches_tracked", Tensor.of(Shape.of(1), 3));
        tensors.remove("layer1.0.bn1.num_batches_tracked");
        tensors.put("total_ops", Tensor.of(Shape.of(1), 9));
        tensors.put("layer1.0.conv1.total_params", Tensor.of(Shape.of(1), 9));
        Published network = loaded(found(file(tensors)));
        assertEquals(3, network.parameters().get("bn1.num_batches_tracked").value().item());
        assertEquals(CIFAR.export().keySet(), network.export().keySet());
    }
}
