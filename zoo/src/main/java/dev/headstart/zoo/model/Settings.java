package dev.headstart.zoo.model;

import dev.headstart.io.json.Fields;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.nn.Activation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a Hugging Face `config.json` says, with a default for what it leaves out or sets to `null`.
///
/// @param source the file, for messages
/// @param json its object
public record Settings(String source, Json.Obj json) {
    private static final Map<String, Activation> ACTIVATIONS = Map.of("gelu", Activation.GELU, "gelu_python", Activation.GELU, "gelu_new",
            Activation.GELU_TANH, "gelu_pytorch_tanh", Activation.GELU_TANH, "gelu_fast", Activation.GELU_TANH, "relu", Activation.RELU,
            "tanh", Activation.TANH);

    /// What is done with the fields that configurations of all kinds have in transformers 5.18 and before.
    public static final Fields COMMON = Fields.of()
            .read("model_type")
            .irrelevant("says where it comes from", "architectures", "_name_or_path", "name_or_path", "transformers_version",
                    "finetuning_task",
                    "_commit_hash", "language", "license", "tokenizer_class")
            .irrelevant("how numbers were stored or computed; here they are 32 bits wide", "dtype", "torch_dtype", "use_bfloat16",
                    "_attn_implementation", "_attn_implementation_autoset", "_attn_implementation_internal", "attn_implementation",
                    "chunk_size_feed_forward")
            .irrelevant("what else is returned, or kept for the next call", "output_attentions", "output_hidden_states", "output_past",
                    "return_dict", "return_dict_in_generate", "output_scores", "use_cache", "torchscript", "use_return_dict")
            .irrelevant("of training", "gradient_checkpointing", "xla_device", "tf_legacy_loss", "finetuned_from", "layerdrop")
            .irrelevant("the same as id2label, from the other side", "label2id", "_num_labels")
            .irrelevant("ids of tokens, which the tokenizer's own files name", "bos_token_id", "sep_token_id", "cls_token_id",
                    "mask_token_id",
                    "unk_token_id", "decoder_start_token_id")
            .irrelevant("settings of generation, which are options here", "task_specific_params", "prefix", "max_length", "min_length",
                    "do_sample", "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p",
                    "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size",
                    "bad_words_ids", "num_return_sequences", "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values",
                    "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens")
            .only("is_encoder_decoder", Json.of(false));

    /// Refuses a field that is not known, or not at this value, and says something.
    public void demand(Fields known) throws IOException {
        Optional<String> refusal = known.refusal(json);
        if (refusal.isPresent()) {
            throw new ConfigException(source + ": " + refusal.get());
        }
    }

    /// Reads a `config.json`.
    public static Settings read(Path file) throws IOException {
        if (Json.read(file) instanceof Json.Obj object) {
            return new Settings(file.toString(), object);
        }
        throw new ConfigException(file + ": a configuration is a JSON object");
    }

    private @Nullable Json find(String name) {
        Json value = json.find(name);
        return value == Json.Null.NULL ? null : value;
    }

    /// Whether it says anything of this name but `null`.
    public boolean has(String name) {
        return find(name) != null;
    }

    /// A whole number of at least `least`.
    public int integer(String name, int least, int otherwise) throws IOException {
        if (!has(name)) {
            return otherwise;
        }
        long value = named(name, () -> json.integer(name));
        if (value < least || value > Integer.MAX_VALUE) {
            throw refusal(name, String.valueOf(value), "it must be in [" + least + ", " + Integer.MAX_VALUE + "]");
        }
        return (int) value;
    }

    /// A whole number of at least `least`, or a list of such numbers.
    public List<Integer> integers(String name, int least, int otherwise) throws IOException {
        if (!(find(name) instanceof Json.Arr(List<Json> items))) {
            return List.of(integer(name, least, otherwise));
        }
        if (items.isEmpty()) {
            return List.of(otherwise);
        }
        List<Integer> numbers = new ArrayList<>();
        for (Json item : items) {
            numbers.add(new Settings(source, Json.object().put(name, item).build()).integer(name, least, otherwise));
        }
        return List.copyOf(numbers);
    }

    /// A probability below 1.
    public float probability(String name, float otherwise) throws IOException {
        double value = number(name, otherwise);
        if (!(value >= 0 && value < 1)) {
            throw refusal(name, String.valueOf(value), "it must be in [0, 1)");
        }
        return (float) value;
    }

    /// A number above 0.
    public float positive(String name, float otherwise) throws IOException {
        double value = number(name, otherwise);
        if (!(value > 0 && value < Float.MAX_VALUE)) {
            throw refusal(name, String.valueOf(value), "it must be above 0");
        }
        return (float) value;
    }

    private double number(String name, double otherwise) throws IOException {
        return has(name) ? named(name, () -> json.number(name)) : otherwise;
    }

    /// A text.
    public String string(String name, String otherwise) throws IOException {
        return has(name) ? named(name, () -> json.string(name)) : otherwise;
    }

    /// An activation, by the name transformers has for it.
    public Activation activation(String name, String otherwise) throws IOException {
        String value = string(name, otherwise);
        Activation activation = ACTIVATIONS.get(value);
        if (activation == null) {
            throw refusal(name, value, "the activations known are " + String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()));
        }
        return activation;
    }

    /// A switch.
    public boolean bool(String name, boolean otherwise) throws IOException {
        return has(name) ? named(name, () -> json.bool(name)) : otherwise;
    }

    /// Refuses a text that is not this.
    public void demand(String name, String value) throws IOException {
        String found = string(name, value);
        if (!found.equals(value)) {
            throw refusal(name, found, "only " + value + " is known");
        }
    }

    /// Names of labels, in the order of their numbers: `id2label`, else as many as `num_labels` says, else two, as in transformers.
    public List<String> labels() throws IOException {
        if (!has("id2label")) {
            return labels(integer("num_labels", 1, 2));
        }
        Json.Obj names = named("id2label", () -> json.object("id2label"));
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < names.members().size(); i++) {
            String number = String.valueOf(i);
            if (names.find(number) == null) {
                throw refusal("id2label", names.compact(), "labels are numbered from 0, and " + number + " is missing");
            }
            labels.add(named("id2label", () -> label(names, number)));
        }
        return List.copyOf(labels);
    }

    /// A label may be a number, which is its name then.
    private static String label(Json.Obj names, String number) throws JsonException {
        return names.find(number) instanceof Json.Int(long name) ? String.valueOf(name) : names.string(number);
    }

    /// Labels that have no names but their numbers.
    public static List<String> labels(int count) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels.add("LABEL_" + i);
        }
        return List.copyOf(labels);
    }

    /// What `id2label` says of labels.
    public static Json named(List<String> labels) {
        Json.Builder names = Json.object();
        for (int i = 0; i < labels.size(); i++) {
            names.put(String.valueOf(i), labels.get(i));
        }
        return names.build();
    }

    /// A refusal of what the file says of this name.
    public ConfigException refusal(String name, String value, String rule) {
        return new ConfigException(source + ": \"" + name + "\" is " + value + ": " + rule);
    }

    @FunctionalInterface
    private interface Read<T> {
        T get() throws JsonException;
    }

    private <T> T named(String name, Read<T> read) throws IOException {
        try {
            return read.get();
        } catch (JsonException e) {
            ConfigException refusal = new ConfigException(source + ": \"" + name + "\" is of the wrong kind: " + e.getMessage());
            refusal.initCause(e);
            throw refusal;
        }
    }

    /// A float's shortest decimal as a double: 0.1f as 0.1.
    public static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    /// The name of an activation in a configuration.
    public static String name(Activation activation) {
        return switch (activation) {
            case GELU -> "gelu";
            case GELU_TANH -> "gelu_new";
            case RELU -> "relu";
            case TANH -> "tanh";
            default ->
                    throw new IllegalArgumentException("config: " + activation + ": published models of this kind have no such activation");
        };
    }
}
