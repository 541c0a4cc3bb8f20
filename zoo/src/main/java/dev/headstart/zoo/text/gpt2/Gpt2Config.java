package dev.headstart.zoo.text.gpt2;

import dev.headstart.io.json.Fields;
import dev.headstart.io.json.Json;
import dev.headstart.nn.Activation;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.text.TransformerSizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Sizes and settings of a GPT-2 (Radford et al. 2019), and of a GPT-3 (Brown et al. 2020, arXiv 2005.14165), which is a larger GPT-2 whose
/// odd blocks may see only what is near.
///
/// [#read] takes them from Hugging Face's `config.json`, whose field names are given in brackets; what it leaves out has GPT-2 small's
/// value.
///
/// @param sizes of tables and blocks [`vocab_size`, `n_positions`, `n_embd`, `n_layer`, `n_head`, `n_inner`, `null` there for 4 · width]
/// @param activation of the feed-forward parts [`activation_function`]
/// @param dropouts probabilities
/// @param eps of layer normalisation [`layer_norm_epsilon`]
/// @param deviation of the normal distribution weights start from [`initializer_range`]
/// @param ends ids of the tokens that end a text, at least one [`eos_token_id`, a number or a list of them]
/// @param band in blocks 1, 3, 5, … a token sees itself and the `band - 1` tokens before it; 0 where every block sees all that came before
/// [no field there]
public record Gpt2Config(TransformerSizes sizes, Activation activation, Dropouts dropouts, float eps, float deviation, List<Integer> ends,
        int band) {
    /// What is done with each field of `config.json`.
    public static final Fields FIELDS = Settings.COMMON
            .read("vocab_size", "n_positions", "n_ctx", "n_embd", "n_layer", "n_head", "n_inner", "activation_function", "embd_pdrop",
                    "attn_pdrop", "resid_pdrop", "layer_norm_epsilon", "initializer_range", "eos_token_id")
            .irrelevant("of heads that sort texts, which are not read", "summary_type", "summary_use_proj", "summary_activation",
                    "summary_proj_to_labels", "summary_first_dropout", "id2label", "num_labels", "problem_type", "pad_token_id")
            .irrelevant("of the first GPT's vocabulary; no model reads it", "n_special", "predict_special_tokens")
            .irrelevant("the order of operations in half precision; here numbers are 32 bits wide", "reorder_and_upcast_attn")
            .only("scale_attn_weights", Json.of(true)).only("scale_attn_by_inverse_layer_idx", Json.of(false))
            .only("add_cross_attention", Json.of(false)).only("tie_word_embeddings", Json.of(true));

    /// Probabilities of dropout.
    ///
    /// @param embedding of what the first block reads [`embd_pdrop`]
    /// @param attention of attention weights [`attn_pdrop`]
    /// @param residual of what is added to the vectors [`resid_pdrop`]
    public record Dropouts(float embedding, float attention, float residual) {
        /// One probability for all.
        public static Dropouts all(float probability) {
            return new Dropouts(probability, probability, probability);
        }
    }

    public Gpt2Config {
        if (!sizes.areWhole()) {
            throw new IllegalArgumentException("gpt2: width " + sizes.width() + ", heads " + sizes.heads()
                    + ": the width must be a multiple of the heads");
        }
        if (ends.isEmpty()) {
            throw new IllegalArgumentException("gpt2: ends: at least one token must end a text");
        }
        ends = List.copyOf(ends);
        if (band < 0) {
            throw new IllegalArgumentException("gpt2: band " + band + ": it must be at least 0");
        }
    }

    /// A GPT-2 of these sizes with the other settings of the published ones.
    public static Gpt2Config of(int vocabulary, int positions, int width, int layers, int heads) {
        return of(new TransformerSizes(vocabulary, positions, width, layers, heads, 4 * width));
    }

    /// A GPT-2 of these sizes with the other settings of the published ones; its last token ends a text.
    public static Gpt2Config of(TransformerSizes sizes) {
        return new Gpt2Config(sizes, Activation.GELU_TANH, Dropouts.all(0.1f), 1e-5f, 0.02f, List.of(sizes.vocabulary() - 1), 0);
    }

    /// A published model's sizes: `gpt2`, `gpt2-medium`, `gpt2-large`, `gpt2-xl`; `gpt3-small`, `gpt3-medium`, `gpt3-large`, `gpt3-xl`,
    /// `gpt3-2.7b`, `gpt3-6.7b`, `gpt3-13b`, `gpt3-175b` (Brown et al. 2020, table 2.1).
    ///
    /// Two lines of that table cannot be meant, since heads times their width must be the width: here XL has 16 heads of 128 instead of 24,
    /// and 13B a width of 5120 instead of 5140. The band's width is not published: these have none, see [#withBand].
    ///
    /// @throws IllegalArgumentException when the name is none of these
    public static Gpt2Config named(String name) {
        return switch (name) {
            case "gpt2" -> of(50_257, 1024, 768, 12, 12);
            case "gpt2-medium" -> of(50_257, 1024, 1024, 24, 16);
            case "gpt2-large" -> of(50_257, 1024, 1280, 36, 20);
            case "gpt2-xl" -> of(50_257, 1024, 1600, 48, 25);
            case "gpt3-small" -> of(50_257, 2048, 768, 12, 12);
            case "gpt3-medium" -> of(50_257, 2048, 1024, 24, 16);
            case "gpt3-large" -> of(50_257, 2048, 1536, 24, 16);
            case "gpt3-xl" -> of(50_257, 2048, 2048, 24, 16);
            case "gpt3-2.7b" -> of(50_257, 2048, 2560, 32, 32);
            case "gpt3-6.7b" -> of(50_257, 2048, 4096, 32, 32);
            case "gpt3-13b" -> of(50_257, 2048, 5120, 40, 40);
            case "gpt3-175b" -> of(50_257, 2048, 12_288, 96, 96);
            default -> throw new IllegalArgumentException("gpt2: no published size is named " + name);
        };
    }

    /// The configuration in a `config.json`.
    ///
    /// @throws IOException when it is not one of a GPT-2, or asks for something not known; the message names the field
    public static Gpt2Config read(Path file) throws IOException {
        return of(Settings.read(file));
    }

    /// The configuration in a JSON object.
    public static Gpt2Config of(Json.Obj json) throws IOException {
        return of(new Settings("config", json));
    }

    public static Gpt2Config of(Settings settings) throws IOException {
        settings.demand("model_type", "gpt2");
        settings.demand(FIELDS);
        int width = settings.integer("n_embd", 1, 768);
        int heads = settings.integer("n_head", 1, 12);
        if (width % heads != 0) {
            throw settings.refusal("n_embd", width + " and \"n_head\" " + heads, "the width must be a multiple of the heads");
        }
        int vocabulary = settings.integer("vocab_size", 1, 50_257);
        int positions = settings.integer("n_positions", 1, settings.integer("n_ctx", 1, 1024)); // the older name
        TransformerSizes sizes = new TransformerSizes(vocabulary, positions, width, settings.integer("n_layer", 0, 12), heads,
                settings.integer("n_inner", 1, 4 * width));
        Activation activation = settings.activation("activation_function", "gelu_new");
        Dropouts dropouts = new Dropouts(settings.probability("embd_pdrop", 0.1f), settings.probability("attn_pdrop", 0.1f),
                settings.probability("resid_pdrop", 0.1f));
        return new Gpt2Config(sizes, activation, dropouts, settings.positive("layer_norm_epsilon", 1e-5f),
                settings.positive("initializer_range", 0.02f), settings.integers("eos_token_id", 0, vocabulary - 1), 0);
    }

    /// The same as Hugging Face writes it.
    ///
    /// @throws IllegalArgumentException when there is a band, for which it has no field
    public Json.Obj json() {
        if (band > 0) {
            throw new IllegalArgumentException("gpt2: band " + band + ": config.json has no field for it");
        }
        Json end = ends.size() == 1 ? Json.of(end()) : Json.integers(ends.stream().mapToLong(Integer::longValue).toArray());
        return Json.object().put("model_type", "gpt2").put("vocab_size", vocabulary()).put("n_positions", positions())
                .put("n_embd", width()).put("n_layer", layers()).put("n_head", heads()).put("n_inner", hidden())
                .put("activation_function", Settings.name(activation)).put("embd_pdrop", Settings.decimal(dropouts.embedding()))
                .put("attn_pdrop", Settings.decimal(dropouts.attention())).put("resid_pdrop", Settings.decimal(dropouts.residual()))
                .put("layer_norm_epsilon", Settings.decimal(eps)).put("initializer_range", Settings.decimal(deviation))
                .put("eos_token_id", end).build();
    }

    /// The first of the tokens that end a text, which also begins one.
    public int end() {
        return ends.getFirst();
    }

    /// Number of tokens.
    public int vocabulary() {
        return sizes.vocabulary();
    }

    /// Longest sequence.
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

    /// The same with another number of tokens.
    public Gpt2Config withVocabulary(int other) {
        return withSizes(sizes.withVocabulary(other));
    }

    /// The same with another number of positions.
    public Gpt2Config withPositions(int other) {
        return withSizes(sizes.withPositions(other));
    }

    private Gpt2Config withSizes(TransformerSizes other) {
        return new Gpt2Config(other, activation, dropouts, eps, deviation, ends, band);
    }

    /// The same with one probability for all dropout.
    public Gpt2Config withDropout(float other) {
        return new Gpt2Config(sizes, activation, Dropouts.all(other), eps, deviation, ends, band);
    }

    /// The same with attention in a band in every other block: GPT-3's "alternating dense and locally banded sparse attention patterns"
    /// (Brown et al. 2020, section 2.1; Child et al. 2019, arXiv 1904.10509).
    public Gpt2Config withBand(int other) {
        return new Gpt2Config(sizes, activation, dropouts, eps, deviation, ends, other);
    }

    /// How far block i sees: a number of tokens, or 0 for all.
    public int bandOf(int i) {
        return i % 2 == 1 ? band : 0;
    }
}
