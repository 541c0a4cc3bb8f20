package dev.headstart.zoo.text.bert;

import dev.headstart.io.json.Fields;
import dev.headstart.io.json.Json;
import dev.headstart.nn.Activation;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.text.TransformerSizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Sizes and settings of a BERT (Devlin et al. 2018, arXiv 1810.04805) or a RoBERTa (Liu et al. 2019, arXiv 1907.11692), which is the same
/// graph with other names and with positions that count from behind the padding.
///
/// [#read] takes them from Hugging Face's `config.json`, whose field names are given in brackets; what it leaves out has BERT-base's value.
///
/// @param family which of the two [`model_type`]
/// @param sizes of tables and blocks [`vocab_size`, `max_position_embeddings`, `hidden_size`, `num_hidden_layers`, `num_attention_heads`,
/// `intermediate_size`]; RoBERTa's longest sequence is `padding + 1` shorter than its positions
/// @param types number of segments [`type_vocab_size`]
/// @param activation of the feed-forward parts and the masked-language head [`hidden_act`]
/// @param dropouts probabilities
/// @param eps of layer normalisation [`layer_norm_eps`]
/// @param deviation of the normal distribution weights start from [`initializer_range`]
/// @param padding id of the padding token, whose vector is not learnt from where it is read [`pad_token_id`]
/// @param labels names of a classification head's outputs [`id2label`]
/// @param problem what those outputs say [`problem_type`]
public record BertConfig(Family family, TransformerSizes sizes, int types, Activation activation, Dropouts dropouts, float eps,
        float deviation, int padding, List<String> labels, Problem problem) {
    /// What is done with each field of `config.json`.
    public static final Fields FIELDS = Settings.COMMON
            .read("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "max_position_embeddings",
                    "type_vocab_size", "hidden_act", "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout",
                    "layer_norm_eps", "initializer_range", "pad_token_id", "id2label", "num_labels", "problem_type")
            .irrelevant("a classifier has no matrix in common with the embeddings; a model with a language head refuses false",
                    "tie_word_embeddings")
            .irrelevant("ids of tokens, which the tokenizer's own files name", "eos_token_id")
            .irrelevant("of the multilingual BERTs' first code; no model reads it", "directionality", "pooler_fc_size",
                    "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type")
            .irrelevant("of DistilBERT: the first values of positions, and a head that is not read", "sinusoidal_pos_embds", "qa_dropout")
            .only("tie_weights_", Json.of(true)).only("position_embedding_type", Json.of("absolute")).only("is_decoder", Json.of(false))
            .only("add_cross_attention", Json.of(false));

    /// What the outputs of a classification head say.
    public enum Problem {
        /// logits of labels of which one is right
        SINGLE_LABEL("single_label_classification"),
        /// logits of labels each of which holds or not
        MULTI_LABEL("multi_label_classification"),
        /// numbers
        REGRESSION("regression");

        private final String type;

        Problem(String type) {
            this.type = type;
        }

        /// Its `problem_type` in `config.json`.
        public String type() {
            return type;
        }

        /// What a head of these outputs is for where nothing says it: one output is a number, as in transformers.
        static Problem of(List<String> labels) {
            return labels.size() == 1 ? REGRESSION : SINGLE_LABEL;
        }
    }

    /// Whose names and positions.
    public enum Family {
        /// `bert.…`, positions from 0
        BERT("bert", "Bert"),
        /// `roberta.…`, positions of tokens from `padding + 1`, padding at `padding`
        ROBERTA("roberta", "Roberta"),
        /// `distilbert.…`, a BERT without segments and pooler and with names of its own (Sanh et al. 2019, arXiv 1910.01108)
        DISTILBERT("distilbert", "DistilBert");

        private final String prefix;
        private final String title;

        Family(String prefix, String title) {
            this.prefix = prefix;
            this.title = title;
        }

        /// The first segment of the names of a model with a head.
        String prefix() {
            return prefix;
        }

        /// The name of a part of the encoder that BERT gives this one.
        String own(String name) {
            return this == DISTILBERT ? DistilBert.OWN.getOrDefault(name, name) : name;
        }

        /// The name of a class in transformers: `BertForMaskedLM`.
        String architecture(String task) {
            return title + task;
        }
    }

    /// Probabilities of dropout.
    ///
    /// @param vectors of vectors [`hidden_dropout_prob`]
    /// @param attention of attention weights [`attention_probs_dropout_prob`]
    /// @param classifier before a classification head [`classifier_dropout`, `null` there for the vectors']
    public record Dropouts(float vectors, float attention, float classifier) {
        /// One probability for all.
        public static Dropouts all(float probability) {
            return new Dropouts(probability, probability, probability);
        }
    }

    public BertConfig {
        if (!sizes.areWhole()) {
            throw new IllegalArgumentException("bert: width " + sizes.width() + ", heads " + sizes.heads()
                    + ": the width must be a multiple of the heads");
        }
        labels = List.copyOf(labels);
    }

    /// A BERT of these sizes with the other settings of BERT-base.
    public static BertConfig of(int vocabulary, int width, int layers, int heads, int hidden) {
        return of(Family.BERT, new TransformerSizes(vocabulary, 512, width, layers, heads, hidden));
    }

    /// One of these sizes with the other settings of the family's base model: 2 segments or 1, dropout 0.1.
    public static BertConfig of(Family family, TransformerSizes sizes) {
        boolean bert = family != Family.ROBERTA;
        return new BertConfig(family, sizes, family == Family.BERT ? 2 : 1, Activation.GELU, Dropouts.all(0.1f), bert ? 1e-12f : 1e-5f,
                0.02f,
                bert ? 0 : 1, Settings.labels(2), Problem.SINGLE_LABEL);
    }

    /// A published model's sizes: `bert-base-uncased`, `bert-base-cased`, `bert-large-uncased`, `bert-large-cased`, `bert-tiny`,
    /// `bert-mini`, `bert-small`, `bert-medium` (Turc et al. 2019, arXiv 1908.08962), `roberta-base`, `roberta-large`.
    ///
    /// @throws IllegalArgumentException when the name is none of these
    public static BertConfig named(String name) {
        return switch (name) {
            case "bert-base-uncased" -> of(30_522, 768, 12, 12, 3072);
            case "bert-base-cased" -> of(28_996, 768, 12, 12, 3072);
            case "bert-large-uncased" -> of(30_522, 1024, 24, 16, 4096);
            case "bert-large-cased" -> of(28_996, 1024, 24, 16, 4096);
            case "bert-tiny" -> of(30_522, 128, 2, 2, 512);
            case "bert-mini" -> of(30_522, 256, 4, 4, 1024);
            case "bert-small" -> of(30_522, 512, 4, 8, 2048);
            case "bert-medium" -> of(30_522, 512, 8, 8, 2048);
            case "roberta-base" -> roberta(768, 12, 12, 3072);
            case "roberta-large" -> roberta(1024, 24, 16, 4096);
            default -> throw new IllegalArgumentException("bert: no published size is named " + name);
        };
    }

    private static BertConfig roberta(int width, int layers, int heads, int hidden) {
        return of(Family.ROBERTA, new TransformerSizes(50_265, 514, width, layers, heads, hidden));
    }

    /// The configuration in a `config.json`.
    ///
    /// @throws IOException when it is not one of a BERT or RoBERTa encoder, or asks for something not known; the message names the field
    public static BertConfig read(Path file) throws IOException {
        return of(Settings.read(file));
    }

    /// The configuration of a model whose language head shares the matrix of the embeddings.
    ///
    /// @throws IOException also when it says that the two are apart
    public static BertConfig readTied(Path file) throws IOException {
        Settings settings = Settings.read(file);
        if (!settings.bool("tie_word_embeddings", true)) {
            throw settings.refusal("tie_word_embeddings", "false", "only true is known for a model with a language head");
        }
        return of(settings);
    }

    /// The configuration in a JSON object.
    public static BertConfig of(Json.Obj json) throws IOException {
        return of(new Settings("config", json));
    }

    public static BertConfig of(Settings given) throws IOException {
        Settings settings = DistilBert.asBert(given);
        Family family = switch (settings.string("model_type", "bert")) {
            case "bert" -> Family.BERT;
            case "roberta" -> Family.ROBERTA;
            case "distilbert" -> Family.DISTILBERT;
            case String other -> throw settings.refusal("model_type", other, "the encoders known are bert, roberta and distilbert");
        };
        settings.demand(FIELDS);
        float dropout = settings.probability("hidden_dropout_prob", 0.1f);
        int width = settings.integer("hidden_size", 1, 768);
        int heads = settings.integer("num_attention_heads", 1, 12);
        if (width % heads != 0) {
            throw settings.refusal("hidden_size", width + " and \"num_attention_heads\" " + heads,
                    "the width must be a multiple of the heads");
        }
        TransformerSizes sizes = new TransformerSizes(settings.integer("vocab_size", 1, family == Family.ROBERTA ? 50_265 : 30_522),
                settings.integer("max_position_embeddings", 1, 512), width, settings.integer("num_hidden_layers", 0, 12), heads,
                settings.integer("intermediate_size", 1, 3072));
        Dropouts dropouts = new Dropouts(dropout, settings.probability("attention_probs_dropout_prob", 0.1f),
                settings.probability("classifier_dropout", dropout));
        return new BertConfig(family, sizes, settings.integer("type_vocab_size", 1, 2), settings.activation("hidden_act", "gelu"), dropouts,
                settings.positive("layer_norm_eps", 1e-12f), settings.positive("initializer_range", 0.02f),
                settings.integer("pad_token_id", 0, family == Family.ROBERTA ? 1 : 0), settings.labels(), problem(settings));
    }

    private static Problem problem(Settings settings) throws IOException {
        if (!settings.has("problem_type")) {
            return Problem.of(settings.labels());
        }
        String type = settings.string("problem_type", "");
        return Arrays.stream(Problem.values()).filter(problem -> problem.type.equals(type)).findFirst()
                .orElseThrow(() -> settings.refusal("problem_type", type, "known are "
                        + String.join(", ", Arrays.stream(Problem.values()).map(Problem::type).toList())));
    }

    /// The same as Hugging Face writes it.
    public Json.Obj json() {
        return family == Family.DISTILBERT ? DistilBert.own(fields()) : fields();
    }

    private Json.Obj fields() {
        Json.Builder json = Json.object().put("model_type", family.prefix).put("vocab_size", vocabulary()).put("hidden_size", width())
                .put("num_hidden_layers", layers()).put("num_attention_heads", heads()).put("intermediate_size", hidden())
                .put("max_position_embeddings", positions()).put("type_vocab_size", types).put("hidden_act", Settings.name(activation))
                .put("hidden_dropout_prob", Settings.decimal(dropouts.vectors()))
                .put("attention_probs_dropout_prob", Settings.decimal(dropouts.attention()))
                .put("classifier_dropout", Settings.decimal(dropouts.classifier())).put("layer_norm_eps", Settings.decimal(eps))
                .put("initializer_range", Settings.decimal(deviation)).put("pad_token_id", padding).put("id2label", Settings.named(labels));
        return (problem == Problem.of(labels) ? json : json.put("problem_type", problem.type)).build();
    }

    /// Number of tokens.
    public int vocabulary() {
        return sizes.vocabulary();
    }

    /// Rows of the position table.
    public int positions() {
        return sizes.positions();
    }

    /// Length of a token's vector.
    public int width() {
        return sizes.width();
    }

    /// Number of blocks.
    public int layers() {
        return sizes.layers();
    }

    /// Attention heads in each block.
    public int heads() {
        return sizes.heads();
    }

    /// Width inside the feed-forward parts.
    public int hidden() {
        return sizes.hidden();
    }

    /// Longest sequence.
    public int maxLength() {
        return family == Family.ROBERTA ? positions() - padding - 1 : positions();
    }

    /// The same with another number of tokens.
    public BertConfig withVocabulary(int other) {
        return withSizes(sizes.withVocabulary(other));
    }

    /// The same with another number of positions.
    public BertConfig withPositions(int other) {
        return withSizes(sizes.withPositions(other));
    }

    private BertConfig withSizes(TransformerSizes other) {
        return new BertConfig(family, other, types, activation, dropouts, eps, deviation, padding, labels, problem);
    }

    /// The same with another number of segments.
    public BertConfig withTypes(int other) {
        return new BertConfig(family, sizes, other, activation, dropouts, eps, deviation, padding, labels, problem);
    }

    /// The same with one probability for all dropout.
    public BertConfig withDropout(float other) {
        return new BertConfig(family, sizes, types, activation, Dropouts.all(other), eps, deviation, padding, labels, problem);
    }

    /// The same with another padding token.
    public BertConfig withPadding(int other) {
        return new BertConfig(family, sizes, types, activation, dropouts, eps, deviation, other, labels, problem);
    }

    /// The same with as many labels, named by their numbers.
    public BertConfig withLabels(int count) {
        return withLabels(Settings.labels(count));
    }

    /// The same with these labels. Other labels than before are another problem: one label of several, or a number where there is one.
    public BertConfig withLabels(List<String> names) {
        return new BertConfig(family, sizes, types, activation, dropouts, eps, deviation, padding, names,
                names.equals(labels) ? problem : Problem.of(names));
    }

    /// The same with outputs that say something else.
    public BertConfig withProblem(Problem other) {
        return new BertConfig(family, sizes, types, activation, dropouts, eps, deviation, padding, labels, other);
    }
}
