package dev.headstart.task.report;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.Hashes;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a saved model is and where it comes from: to be read by people ([#markdown], Mitchell et al. 2019, arXiv 1810.03993) and kept in the
/// weight file itself ([#metadata]).
///
/// @param name of the model
/// @param architecture what it is: `ResNet-20`
/// @param source what its weights started from; "random" for none
/// @param data what it learnt from
/// @param dataHash SHA-256 of that
/// @param seed of the run
/// @param version of Headstart
/// @param weightsHash SHA-256 of the weights: [#hash]
/// @param settings of the run, by name
/// @param metrics measured on examples it did not learn from, by name
/// @param limits what it should not be used for, in sentences
public record ModelCard(String name, String architecture, String source, String data, String dataHash, long seed, String version,
        String weightsHash, Map<String, String> settings, Map<String, Double> metrics, String limits) {
    /// The name of the text that a weight file has of its card.
    public static final String KEY = "headstart.card";

    public ModelCard {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /// The SHA-256 of weights: of names, shapes and bits, in order of names.
    public static String hash(Parameters parameters) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> tensors.put(name, parameter.value()));
        return hash(tensors);
    }

    /// The SHA-256 of tensors: of names, shapes and bits, in order of names.
    public static String hash(Map<String, Tensor> tensors) {
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        new TreeMap<>(tensors).forEach((name, tensor) -> {
            float[] values = tensor.toArray();
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            String line = name + " " + tensor.shape() + " " + Hashes.sha256(bytes.array()) + "\n";
            digests.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        });
        return Hashes.sha256(digests.toByteArray());
    }

    /// The card as texts of a weight file: `headstart.card`, as JSON.
    public Map<String, String> metadata() {
        Json.Builder chosen = Json.object();
        settings.forEach(chosen::put);
        Json.Builder measured = Json.object();
        metrics.forEach((metric, value) -> measured.put(metric, Json.numberOrNull(value)));
        return Map.of(KEY,
                Json.object().put("name", name).put("architecture", architecture).put("source", source).put("data", data)
                        .put("dataHash", dataHash).put("seed", seed).put("version", version).put("weightsHash", weightsHash)
                        .put("settings", chosen.build()).put("metrics", measured.build()).put("limits", limits).build().compact());
    }

    /// The card in the texts of a weight file; nothing where there is none, or it is written otherwise than [#metadata] writes it.
    public static Optional<ModelCard> in(Map<String, String> metadata) {
        String text = metadata.get(KEY);
        try {
            return text != null && Json.parse(text) instanceof Json.Obj card ? Optional.of(read(card)) : Optional.empty();
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    private static ModelCard read(Json.Obj card) throws JsonException {
        Map<String, String> chosen = new LinkedHashMap<>();
        for (String setting : card.object("settings").members().keySet()) {
            chosen.put(setting, card.object("settings").string(setting));
        }
        Map<String, Double> measured = new LinkedHashMap<>();
        for (String metric : card.object("metrics").members().keySet()) {
            Json.Obj all = card.object("metrics");
            measured.put(metric, all.get(metric) instanceof Json.Null ? Double.NaN : all.number(metric));
        }
        return new ModelCard(card.string("name"), card.string("architecture"), card.string("source"), card.string("data"),
                card.string("dataHash"), card.integer("seed"), card.string("version"), card.string("weightsHash"), chosen, measured,
                card.string("limits"));
    }

    /// The card as `README.md`, with the header that model hubs read.
    public String markdown() {
        StringBuilder text = new StringBuilder("---\nlibrary_name: headstart\n");
        text.append("model_name: ").append(quoted(name)).append("\nbase_model: ").append(quoted(source)).append("\ndatasets:\n- ")
                .append(quoted(data)).append("\n---\n\n# ").append(line(name)).append("\n\n").append(line(architecture))
                .append(", started from ")
                .append(line(source)).append(", learnt from ").append(line(data))
                .append(".\n\n## Results\n\n").append(metrics.isEmpty() ? "None were measured.\n" : results())
                .append("\n## Provenance\n\n| | |\n|---|---|\n");
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("weights (SHA-256)", weightsHash);
        facts.put("data (SHA-256)", dataHash);
        facts.put("seed", Long.toString(seed));
        facts.put("version", version);
        facts.putAll(settings);
        facts.forEach((fact, value) -> text.append("| ").append(cell(fact)).append(" | ").append(cell(value)).append(" |\n"));
        return text.append("\n## Limits\n\n").append(limits.isBlank() ? "None were stated." : limits.strip()).append('\n').toString();
    }

    private String results() {
        StringBuilder text = new StringBuilder("| metric | value |\n|---|---|\n");
        metrics.forEach((metric, value) -> text.append("| ").append(cell(metric)).append(" | ").append(Numbers.fixed(value, 4))
                .append(" |\n"));
        return text.append("\nMeasured on examples it did not learn from.\n").toString();
    }

    /// A text as YAML's double-quoted string, which is JSON's.
    private static String quoted(String text) {
        return Json.of(text).compact();
    }

    private static String line(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String cell(String text) {
        return line(text).replace("|", "\\|");
    }
}
