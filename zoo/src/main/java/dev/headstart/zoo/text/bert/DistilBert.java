package dev.headstart.zoo.text.bert;

import dev.headstart.io.json.Json;
import dev.headstart.zoo.model.Settings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What DistilBERT (Sanh et al. 2019, arXiv 1910.01108) calls what BERT has: parts of the encoder, and fields of `config.json`.
final class DistilBert {
    /// Names by BERT's.
    static final Map<String, String> OWN = Map.of("encoder.layer.", "transformer.layer.", "attention.self.query", "attention.q_lin",
            "attention.self.key", "attention.k_lin", "attention.self.value", "attention.v_lin", "attention.output.dense",
            "attention.out_lin", "attention.output.LayerNorm", "sa_layer_norm", "intermediate.dense", "ffn.lin1", "output.dense",
            "ffn.lin2",
            "output.LayerNorm", "output_layer_norm");

    private static final Map<String, String> FIELDS = Map.of("dim", "hidden_size", "n_layers", "num_hidden_layers", "n_heads",
            "num_attention_heads", "hidden_dim", "intermediate_size", "dropout", "hidden_dropout_prob", "attention_dropout",
            "attention_probs_dropout_prob", "activation", "hidden_act", "seq_classif_dropout", "classifier_dropout");
    private static final Map<String, String> BERTS = FIELDS.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    private static final Set<String> ABSENT = Set.of("type_vocab_size", "layer_norm_eps");

    private DistilBert() {}

    /// A DistilBERT's fields under BERT's names, with DistilBERT's values for those left out; other settings are what they are.
    static Settings asBert(Settings given) throws IOException {
        if (!given.string("model_type", "bert").equals("distilbert")) {
            return given;
        }
        Map<String, Json> fields = new LinkedHashMap<>(Map.of("num_hidden_layers", Json.of(6), "classifier_dropout", Json.of(0.2)));
        given.json().members().forEach((name, value) -> fields.put(FIELDS.getOrDefault(name, name), value));
        fields.put("type_vocab_size", Json.of(1));
        Json.Builder all = Json.object();
        fields.forEach(all::put);
        return new Settings(given.source(), all.build());
    }

    /// BERT's fields under a DistilBERT's names.
    static Json.Obj own(Json.Obj fields) {
        Json.Builder own = Json.object();
        fields.members().forEach((name, value) -> {
            if (!ABSENT.contains(name)) {
                own.put(BERTS.getOrDefault(name, name), value);
            }
        });
        return own.build();
    }
}
