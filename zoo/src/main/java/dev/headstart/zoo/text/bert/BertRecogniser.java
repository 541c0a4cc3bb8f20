package dev.headstart.zoo.text.bert;

import dev.headstart.nn.Scope;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.Recogniser;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.model.TensorShapes;
import dev.headstart.zoo.text.TransformerSizes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Recognises the weight files of BERT and RoBERTa ([BertNetwork]).
public final class BertRecogniser implements Recogniser {
    private static final String WORDS = BertNetwork.WORDS;

    /// A recogniser, which has no state.
    public BertRecogniser() {}

    /// The BERT or RoBERTa whose names and shapes these are, bare or with one of the heads; the other sizes are a published model's.
    @Override
    public Optional<Architecture> recognise(TensorShapes shapes) {
        return recognise(shapes, (BertConfig) null);
    }

    @Override
    public Set<String> modelTypes() {
        return Set.of("bert", "roberta", "distilbert");
    }

    @Override
    public Optional<Architecture> recognise(TensorShapes shapes, Settings config) throws IOException {
        if (isLanguageModel(shapes) && !config.bool("tie_word_embeddings", true)) {
            throw config.refusal("tie_word_embeddings", "false", "only true is known for a model with a language head");
        }
        return recognise(shapes, BertConfig.of(config));
    }

    private static Optional<Architecture> recognise(TensorShapes shapes, @Nullable BertConfig given) {
        String prefix = shapes.prefix(WORDS, "bert.", "roberta.", "distilbert.");
        int width = shapes.extent(prefix + WORDS, 1);
        boolean distilled = shapes.has(prefix + "transformer.layer.0.attention.q_lin.weight", width, width);
        boolean bert = shapes.has(prefix + "embeddings.token_type_embeddings.weight", -1, width)
                && shapes.has(prefix + "encoder.layer.0.attention.self.query.weight", width, width);
        if (!(bert || distilled) || width < 1
                || width > TransformerSizes.WIDEST) {
            return Optional.empty();
        }
        BertConfig fromShapes = fromShapes(shapes, prefix, width);
        BertConfig sized = given == null ? fromShapes : given;
        if (sized.layers() > fromShapes.layers()) {
            return Optional.empty();
        }
        List<String> labels = labels(shapes, sized);
        BertConfig named = sized.withLabels(labels);
        BertConfig config = given == null || given.problem() == BertConfig.Problem.SINGLE_LABEL
                ? named
                : named.withProblem(given.problem());
        boolean pooled = shapes.has(prefix + "pooler.dense.weight", width, width);
        return Architecture.<BertNetwork<?>>fitting(shapes, scope -> headed(shapes, config, pooled, scope),
                model -> model.architecture() + ", " + config.sizes().words(given == null));
    }

    /// The sizes that shapes have, with a published model's other settings.
    private static BertConfig fromShapes(TensorShapes shapes, String prefix, int width) {
        BertConfig.Family named = shapes.has(prefix + "transformer.layer.0.attention.q_lin.weight")
                ? BertConfig.Family.DISTILBERT
                : BertConfig.Family.BERT;
        int positions = shapes.extent(prefix + "embeddings.position_embeddings.weight", 0);
        int types = shapes.extent(prefix + "embeddings.token_type_embeddings.weight", 0);
        boolean roberta = prefix.equals("roberta.") || (prefix.isEmpty() && types == 1 && positions % 512 == 2);
        TransformerSizes sizes = new TransformerSizes(shapes.extent(prefix + WORDS, 0), positions, width,
                shapes.counted(prefix + named.own("encoder.layer.") + "#." + named.own("attention.self.query") + ".weight"),
                TransformerSizes.likelyHeads(width),
                shapes.extent(prefix + named.own("encoder.layer.") + "0." + named.own("intermediate.dense") + ".weight", 0));
        return BertConfig.of(roberta ? BertConfig.Family.ROBERTA : named, sizes).withTypes(Math.max(1, types));
    }

    /// Names from the configuration where they are as many as the file's outputs.
    private static List<String> labels(TensorShapes shapes, BertConfig config) {
        int outputs = Math.max(shapes.extent("classifier.bias", 0), shapes.extent("classifier.out_proj.bias", 0));
        return outputs == 0 || outputs > TransformerSizes.WIDEST || outputs == config.labels().size()
                ? config.labels()
                : Settings.labels(outputs);
    }

    private static boolean isLanguageModel(TensorShapes shapes) {
        return shapes.has("cls.predictions.transform.dense.weight") || shapes.has("lm_head.dense.weight")
                || shapes.has("vocab_transform.weight");
    }

    /// A head for single labels has no use for a pooler, and files of today have none then.
    private static BertNetwork<?> headed(TensorShapes shapes, BertConfig config, boolean pooled, Scope scope) {
        if (shapes.has("cls.seq_relationship.weight") && config.family() == BertConfig.Family.BERT) {
            return new BertForPreTraining(config, scope);
        }
        if (isLanguageModel(shapes)) {
            return new BertForMaskedLM(config, scope);
        }
        if (shapes.has("qa_outputs.weight")) {
            return new BertForQuestionAnswering(config, scope);
        }
        if (shapes.has("classifier.out_proj.weight") || (shapes.has("classifier.weight") && pooled)
                || shapes.has("pre_classifier.weight")) {
            return new BertForSequenceClassification(config, scope);
        }
        return shapes.has("classifier.weight") ? new BertForTokenClassification(config, scope) : new Bert(config, pooled, scope);
    }
}
