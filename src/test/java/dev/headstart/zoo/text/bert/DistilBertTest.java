package dev.headstart.zoo.text.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.autograd.Mode;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DistilBERT under its published names: a BERT whose vectors of segments are zero.
class DistilBertTest {
    private static final String CONFIG = """
            {"model_type": "distilbert", "vocab_size": 20, "dim": 8, "n_layers": 2, "n_heads": 2, "hidden_dim": 16, "dropout": 0.0,
             "attention_dropout": 0.0, "max_position_embeddings": 12, "activation": "gelu", "sinusoidal_pos_embds": false,
             "seq_classif_dropout": 0.2, "qa_dropout": 0.1, "initializer_range": 0.02, "id2label": {"0": "neg", "1": "pos"}}
            """;
    private static final TokenBatch BATCH = TokenBatch.of(List.of(new int[] {2, 5, 7, 3}, new int[] {2, 9, 3}), 0);

    @TempDir
    private Path folder = Path.of("");

    private static String own(String name) {
        return name.replace("bert.", "distilbert.").replace("encoder.layer.", "transformer.layer.")
                .replace("attention.self.query", "attention.q_lin")
                .replace("attention.self.key", "attention.k_lin").replace("attention.self.value", "attention.v_lin")
                .replace("attention.output.dense", "attention.out_lin").replace("attention.output.LayerNorm", "sa_layer_norm")
                .replace("intermediate.dense", "ffn.lin1").replace("output.dense", "ffn.lin2")
                .replace("output.LayerNorm", "output_layer_norm");
    }

    private Path published(BertForSequenceClassification bert) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        bert.parameters().byName().forEach((name, parameter) -> {
            if (name.contains("token_type")) {
                parameter.take(Tensor.zeros(parameter.shape()));
            } else if (!name.contains("pooler")) {
                tensors.put(own(name), parameter.value());
            }
        });
        tensors.put("pre_classifier.weight", bert.parameters().get("bert.pooler.dense.weight").value());
        tensors.put("pre_classifier.bias", bert.parameters().get("bert.pooler.dense.bias").value());
        SafeTensors.write(folder.resolve("model.safetensors"), tensors);
        return Files.writeString(folder.resolve("config.json"), CONFIG);
    }

    @Test
    void it_is_a_bert_without_segments_whose_head_is_a_layer_with_relu() throws IOException {
        BertForSequenceClassification bert = new BertForSequenceClassification(
                BertConfig.of(20, 8, 2, 2, 16).withPositions(12).withDropout(0).withLabels(2), RandomStream.of(3));
        Path config = published(bert);
        Weights weights = Weights.open(folder);
        var network = Architectures.of(weights, config).orElseThrow().build(RandomStream.of(1));
        network.load(weights);
        assertEquals("DistilBertForSequenceClassification", network.architecture());
        BertForSequenceClassification distilled = new BertForSequenceClassification(BertConfig.read(config), RandomStream.of(2));
        distilled.load(weights);
        Tensor expected = Mode.inference(() -> bert.bert().forward(BATCH).value());
        Tensor states = Mode.inference(() -> distilled.bert().forward(BATCH).value());
        assertArrayEquals(expected.toArray(), states.toArray(), 1e-6f);
        float[] logits = Mode.inference(() -> distilled.forward(BATCH).value()).toArray();
        assertArrayEquals(logits(bert, expected), logits, 1e-5f);
        assertEquals(weights.names().size(), distilled.export().size());
    }

    /// `classifier(relu(pre_classifier(first)))` in plain loops.
    private static float[] logits(BertForSequenceClassification bert, Tensor states) {
        float[] out = new float[4];
        Tensor dense = bert.parameters().get("bert.pooler.dense.weight").value();
        Tensor head = bert.parameters().get("classifier.weight").value();
        for (int row = 0; row < 2; row++) {
            for (int j = 0; j < 8; j++) {
                float sum = 0;
                for (int i = 0; i < 8; i++) {
                    sum += states.toArray()[row * states.dim(1) * 8 + i] * dense.toArray()[j * 8 + i];
                }
                for (int label = 0; label < 2; label++) {
                    out[row * 2 + label] += Math.max(0, sum) * head.toArray()[label * 8 + j];
                }
            }
        }
        return out;
    }

    @Test
    void its_configuration_is_written_as_it_is_published() throws Exception {
        BertConfig config = BertConfig.of((Json.Obj) Json.parse(CONFIG));
        assertEquals(0.2f, config.dropouts().classifier());
        Json.Obj written = config.json();
        assertEquals(8, written.integer("dim"));
        assertEquals("distilbert", written.string("model_type"));
        assertEquals(config, BertConfig.of(written));
        assertEquals(6, BertConfig.of((Json.Obj) Json.parse("{\"model_type\": \"distilbert\"}")).layers());
    }
}
