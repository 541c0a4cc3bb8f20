package dev.headstart.zoo;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.ShapeException;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.model.TensorShapes;
import dev.headstart.zoo.text.TransformerSizes;
import dev.headstart.zoo.text.bert.Bert;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.bert.BertForPreTraining;
import dev.headstart.zoo.text.bert.BertForQuestionAnswering;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.bert.BertForTokenClassification;
import dev.headstart.zoo.text.bert.BertNetwork;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import dev.headstart.zoo.text.gpt2.Gpt2Network;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The language models, as their names and shapes tell them; what shapes do not tell, a configuration may.
final class LanguageArchitectures {
    private static final int WIDEST = 1 << 18; // wider tensors are of something else, or of a file that means harm
    private static final int HEAD = 64; // the width of a head in nearly all published models

    private LanguageArchitectures() {}

    /// Sizes are guessed from shapes, the number of heads from the width.
    static Optional<Architecture> of(TensorShapes shapes) {
        return gpt2(shapes, null).or(() -> bert(shapes, null));
    }

    /// Sizes are those of a configuration; it must be one of these models'.
    static Optional<Architecture> of(TensorShapes shapes, Settings settings) throws java.io.IOException {
        return settings.string("model_type", "bert").equals("gpt2")
                ? gpt2(shapes, Gpt2Config.of(settings))
                : bert(shapes, BertConfig.of(settings));
    }

    private static String prefix(TensorShapes shapes, String name, String... prefixes) {
        for (String prefix : prefixes) {
            if (shapes.has(prefix + name, -1, -1)) {
                return prefix;
            }
        }
        return "";
    }

    private static int heads(int width) {
        return width % HEAD == 0 ? width / HEAD : 1;
    }

    private static Optional<Architecture> gpt2(TensorShapes shapes, @Nullable Gpt2Config given) {
        String prefix = prefix(shapes, "wte.weight", "transformer.", "");
        int width = shapes.extent(prefix + "wte.weight", 1);
        int hidden = shapes.extent(prefix + "h.0.mlp.c_fc.weight", 1);
        if (!shapes.has(prefix + "wpe.weight", -1, width) || width < 1 || width > WIDEST || hidden > 4 * WIDEST) {
            return Optional.empty();
        }
        return named(shapes, given == null, random -> {
            Gpt2Config config = given != null
                    ? given
                    : Gpt2Config.of(new TransformerSizes(shapes.extent(prefix + "wte.weight", 0),
                            shapes.extent(prefix + "wpe.weight", 0), width, shapes.counted(prefix + "h.#.attn.c_attn.weight"), heads(width),
                            hidden));
            return new Gpt2LanguageModel(config, random);
        });
    }

    private static Optional<Architecture> bert(TensorShapes shapes, @Nullable BertConfig given) {
        String prefix = prefix(shapes, "embeddings.word_embeddings.weight", "bert.", "roberta.", "");
        int width = shapes.extent(prefix + "embeddings.word_embeddings.weight", 1);
        if (!shapes.has(prefix + "embeddings.token_type_embeddings.weight", -1, width)
                || !shapes.has(prefix + "encoder.layer.0.attention.self.query.weight", width, width) || width < 1 || width > WIDEST) {
            return Optional.empty();
        }
        boolean pooled = shapes.has(prefix + "pooler.dense.weight", width, width);
        return named(shapes, given == null, random -> {
            BertConfig config = given != null ? given : guessed(shapes, prefix, width);
            return headed(shapes, config.withLabels(labels(shapes, config)), pooled, random);
        });
    }

    private static BertConfig guessed(TensorShapes shapes, String prefix, int width) {
        int positions = shapes.extent(prefix + "embeddings.position_embeddings.weight", 0);
        int types = shapes.extent(prefix + "embeddings.token_type_embeddings.weight", 0);
        boolean roberta = prefix.equals("roberta.") || (prefix.isEmpty() && types == 1 && positions % 512 == 2);
        TransformerSizes sizes = new TransformerSizes(shapes.extent(prefix + "embeddings.word_embeddings.weight", 0), positions, width,
                shapes.counted(prefix + "encoder.layer.#.attention.self.query.weight"), heads(width),
                shapes.extent(prefix + "encoder.layer.0.intermediate.dense.weight", 0));
        return BertConfig.of(roberta ? BertConfig.Family.ROBERTA : BertConfig.Family.BERT, sizes).withTypes(types);
    }

    /// Names from the configuration where they are as many as the file's outputs.
    private static java.util.List<String> labels(TensorShapes shapes, BertConfig config) {
        int outputs = Math.max(shapes.extent("classifier.bias", 0), shapes.extent("classifier.out_proj.bias", 0));
        return outputs == 0 || outputs > WIDEST || outputs == config.labels().size() ? config.labels() : Settings.labels(outputs);
    }

    /// A head for single labels has no use for a pooler, and files of today have none then.
    private static BertNetwork<?> headed(TensorShapes shapes, BertConfig config, boolean pooled, RandomStream random) {
        if (shapes.has("cls.seq_relationship.weight")) {
            return new BertForPreTraining(config, random);
        }
        if (shapes.has("cls.predictions.transform.dense.weight") || shapes.has("lm_head.dense.weight")) {
            return new BertForMaskedLM(config, random);
        }
        if (shapes.has("qa_outputs.weight")) {
            return new BertForQuestionAnswering(config, random);
        }
        if (shapes.has("classifier.out_proj.weight") || (shapes.has("classifier.weight") && pooled)) {
            return new BertForSequenceClassification(config, random);
        }
        return shapes.has("classifier.weight") ? new BertForTokenClassification(config, random) : new Bert(config, pooled, random);
    }

    /// The model, if the shapes are its.
    private static Optional<Architecture> named(TensorShapes shapes, boolean guessed, Function<RandomStream, Published> builder) {
        try {
            Published model = builder.apply(RandomStream.of(0));
            return shapes.under(model).fit(model)
                    ? Optional.of(new Architecture(model.architecture() + ", " + sizes(model, guessed),
                            scope -> builder.apply(scope.random())))
                    : Optional.empty();
        } catch (ShapeException e) { // extents that belong to no model
            return Optional.empty();
        }
    }

    private static String sizes(Published model, boolean guessed) {
        return switch (model) {
            case BertNetwork<?> bert -> sizes(bert.config().layers(), bert.config().width(), bert.config().vocabulary(),
                    bert.config().heads(), guessed);
            case Gpt2Network<?> gpt2 -> sizes(gpt2.config().layers(), gpt2.config().width(), gpt2.config().vocabulary(),
                    gpt2.config().heads(), guessed);
            default -> "";
        };
    }

    private static String sizes(int layers, int width, int vocabulary, int heads, boolean guessed) {
        String text = "%d layers of %d, %,d tokens, %d heads".formatted(layers, width, vocabulary, heads);
        return guessed ? text + " (a guess: shapes do not tell heads, config.json does)" : text;
    }
}
