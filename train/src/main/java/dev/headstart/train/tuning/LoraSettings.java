package dev.headstart.train.tuning;

import dev.headstart.io.json.Fields;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.nn.adapt.Additions.Rank;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What peft's `adapter_config.json` says of LoRA: the rank and the alpha of each layer.
///
/// @param rank of layers that have none of their own
/// @param alpha of layers that have none of their own
/// @param ranks of layers whose names end as a pattern says
/// @param alphas of layers whose names end as a pattern says
/// @param stabilised whether the factor is alpha / √rank, not alpha / rank
record LoraSettings(int rank, double alpha, List<Own> ranks, List<Own> alphas, boolean stabilised) {
    private static final int MOST_RANK = 1 << 16;

    /// The fields of the file.
    static final Fields FIELDS = Fields.of()
            .read("peft_type", "r", "lora_alpha", "rank_pattern", "alpha_pattern", "use_rslora")
            .irrelevant("the layers are those that the weights name", "target_modules", "exclude_modules", "layers_to_transform",
                    "layers_pattern", "modules_to_save")
            .irrelevant("how the network's own weight lies in memory; the factors are the same", "fan_in_fan_out")
            .irrelevant("of training only; here LoRA is trained without dropout of its own", "lora_dropout")
            .irrelevant("says where it comes from", "base_model_name_or_path", "revision", "task_type", "auto_mapping", "peft_version",
                    "inference_mode")
            .irrelevant("how the first values were found", "eva_config")
            .irrelevant("how training was spread over machines", "megatron_config", "megatron_core", "runtime_config")
            .irrelevant("of a kind that is refused (use_qalora)", "qalora_group_size")
            .only("bias", Json.of("none"))
            .only("use_dora", Json.of(false)).only("use_qalora", Json.of(false)).only("lora_bias", Json.of(false))
            .only("init_lora_weights", Json.of(true), Json.of(false), Json.of("gaussian"), Json.of("eva"), Json.of("orthogonal"));

    /// A number of the layers whose names end as a pattern says.
    private record Own(Pattern layers, double value) {}

    /// Reads the file.
    ///
    /// @throws IOException when it is of no LoRA, or of a kind that is not read; the field is named
    static LoraSettings read(Path file) throws IOException {
        try {
            if (!(Json.read(file) instanceof Json.Obj config) || !config.string("peft_type").equals("LORA")) {
                throw new IOException(file + ": peft_type is not LORA");
            }
            Optional<String> refusal = FIELDS.refusal(config);
            if (refusal.isPresent()) {
                throw new IOException(file + ": " + refusal.get());
            }
            List<Own> ranks = own(config, "rank_pattern");
            ranks.forEach(own -> rank(own.value));
            return new LoraSettings(rank(config.number("r")), config.number("lora_alpha"), ranks, own(config, "alpha_pattern"),
                    config.find("use_rslora") instanceof Json.Bool(boolean truth) && truth);
        } catch (JsonException | IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static int rank(double value) {
        if (!(value >= 1 && value <= MOST_RANK && value == Math.rint(value))) {
            throw new IllegalArgumentException("the rank " + value + " is no whole number from 1 to " + MOST_RANK);
        }
        return (int) value;
    }

    private static List<Own> own(Json.Obj config, String name) throws JsonException {
        if (config.find(name) == null || config.find(name) == Json.Null.NULL) {
            return List.of();
        }
        Json.Obj patterns = config.object(name);
        List<Own> all = new ArrayList<>();
        for (String pattern : patterns.members().keySet()) {
            all.add(new Own(pattern(name, pattern), patterns.number(pattern)));
        }
        return all;
    }

    /// As peft has it: a regular expression that the end of a layer's name matches, from its beginning or from behind a dot. Those that
    /// repeat a group could take for ever, and are refused.
    private static Pattern pattern(String field, String pattern) {
        boolean simple = pattern.length() <= 1000 && !Pattern.compile("\\)[*+?{]").matcher(pattern).find()
                && pattern.chars().filter(c -> "*+{".indexOf(c) >= 0).count() <= 4;
        try {
            if (simple) {
                return Pattern.compile("(.*\\.)?(" + pattern + ")");
            }
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("\"" + field + "\": " + pattern + " is no regular expression", e);
        }
        throw new IllegalArgumentException("\"" + field + "\": " + pattern
                + " repeats a group, or repeats more than four times: such patterns are not read");
    }

    /// The rank and alpha of each layer.
    Map<String, Rank> ranks(List<String> layers) {
        Map<String, Rank> all = new LinkedHashMap<>();
        for (String layer : layers) {
            int own = rank(first(ranks, layer).orElse((double) rank));
            double factor = first(alphas, layer).orElse(alpha);
            all.put(layer, new Rank(own, stabilised ? factor * Math.sqrt(own) : factor));
        }
        return all;
    }

    private static Optional<Double> first(List<Own> numbers, String layer) {
        return numbers.stream().filter(own -> own.layers.matcher(layer).matches()).map(Own::value).findFirst();
    }

    /// Writes the file. Layers whose rank or alpha is not the first one's are named with their own.
    ///
    /// @param heads layers that are saved along
    static void write(Path file, Map<String, Rank> ranks, List<String> heads) throws IOException {
        Rank usual = ranks.values().iterator().next();
        Json.Builder otherRanks = Json.object();
        Json.Builder otherAlphas = Json.object();
        ranks.forEach((layer, rank) -> {
            if (rank.rank() != usual.rank()) {
                otherRanks.put(layer, rank.rank());
            }
            if (rank.alpha() != usual.alpha()) {
                otherAlphas.put(layer, rank.alpha());
            }
        });
        Json.object().put("peft_type", "LORA").put("r", usual.rank()).put("lora_alpha", usual.alpha()).put("lora_dropout", 0.0)
                .put("bias", "none").put("fan_in_fan_out", false).put("inference_mode", true)
                .put("target_modules", Json.strings(ranks.keySet())).put("modules_to_save", Json.strings(heads))
                .put("rank_pattern", otherRanks.build()).put("alpha_pattern", otherAlphas.build()).build()
                .write(file);
    }
}
