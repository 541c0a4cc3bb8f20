package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.Weights;
import dev.headstart.nn.Scope;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.PublishedFile;
import dev.headstart.zoo.model.Resizable;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.model.TensorShapes;
import dev.headstart.zoo.text.TransformerSizes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A BERT, bare or with a head, under the names of transformers.
///
/// Files may have or lack the prefix `bert.` (`roberta.`), call the parameters of layer normalisation `gamma` and `beta`, and carry
/// `position_ids` or a pooler that a head has no use for.
///
/// @param <M> the model itself
public sealed interface BertNetwork<M extends BertNetwork<M>> extends Resizable<M> permits Bert, BertForPreTraining, BertForMaskedLM,
        BertForSequenceClassification, BertForTokenClassification, BertForQuestionAnswering {
    /// The table of token vectors in a bare model.
    String WORDS = "embeddings.word_embeddings.weight";

    /// The sizes.
    BertConfig config();

    /// The model below the head.
    Bert bert();

    /// What transformers calls it, without the family: `ForMaskedLM`.
    String task();

    /// Such a model of other sizes, with random weights.
    M build(BertConfig other, RandomStream random);

    /// As transformers' class: `BertForMaskedLM`.
    @Override
    default String architecture() {
        return config().family().architecture(task());
    }

    @Override
    default String prefix() {
        return config().family().prefix() + ".";
    }

    @Override
    default String modern(String name) {
        return name.endsWith(".gamma")
                ? name.substring(0, name.length() - 5) + "weight"
                : name.endsWith(".beta") ? name.substring(0, name.length() - 4) + "bias" : name;
    }

    @Override
    default boolean ignores(String name) {
        return name.endsWith("embeddings.position_ids") || name.endsWith("embeddings.token_type_ids")
                || name.contains("pooler.dense."); // older files have one beside heads that do not use it
    }

    /// The BERT or RoBERTa whose names and shapes these are, bare or with one of the heads. What shapes do not tell is the configuration's, or a
    /// published model's.
    static Optional<Architecture> recognise(TensorShapes shapes, @Nullable Settings settings) throws IOException {
        BertConfig given = settings == null ? null : BertConfig.of(settings);
        String prefix = shapes.prefix(WORDS, "bert.", "roberta.");
        int width = shapes.extent(prefix + WORDS, 1);
        if (!shapes.has(prefix + "embeddings.token_type_embeddings.weight", -1, width)
                || !shapes.has(prefix + "encoder.layer.0.attention.self.query.weight", width, width) || width < 1
                || width > TransformerSizes.WIDEST) {
            return Optional.empty();
        }
        BertConfig told = told(shapes, prefix, width);
        BertConfig sized = given == null ? told : given;
        if (sized.layers() > told.layers()) {
            return Optional.empty();
        }
        BertConfig config = sized.withLabels(labels(shapes, sized));
        boolean pooled = shapes.has(prefix + "pooler.dense.weight", width, width);
        return Architecture.<BertNetwork<?>>fitting(shapes, scope -> headed(shapes, config, pooled, scope),
                model -> model.architecture() + ", " + config.sizes().words(given == null));
    }

    /// What shapes tell, with a published model's other settings.
    private static BertConfig told(TensorShapes shapes, String prefix, int width) {
        int positions = shapes.extent(prefix + "embeddings.position_embeddings.weight", 0);
        int types = shapes.extent(prefix + "embeddings.token_type_embeddings.weight", 0);
        boolean roberta = prefix.equals("roberta.") || (prefix.isEmpty() && types == 1 && positions % 512 == 2);
        TransformerSizes sizes = new TransformerSizes(shapes.extent(prefix + WORDS, 0), positions, width,
                shapes.counted(prefix + "encoder.layer.#.attention.self.query.weight"), TransformerSizes.likelyHeads(width),
                shapes.extent(prefix + "encoder.layer.0.intermediate.dense.weight", 0));
        return BertConfig.of(roberta ? BertConfig.Family.ROBERTA : BertConfig.Family.BERT, sizes).withTypes(types);
    }

    /// Names from the configuration where they are as many as the file's outputs.
    private static List<String> labels(TensorShapes shapes, BertConfig config) {
        int outputs = Math.max(shapes.extent("classifier.bias", 0), shapes.extent("classifier.out_proj.bias", 0));
        return outputs == 0 || outputs > TransformerSizes.WIDEST || outputs == config.labels().size()
                ? config.labels()
                : Settings.labels(outputs);
    }

    /// A head for single labels has no use for a pooler, and files of today have none then.
    private static BertNetwork<?> headed(TensorShapes shapes, BertConfig config, boolean pooled, Scope scope) {
        if (shapes.has("cls.seq_relationship.weight") && config.family() == BertConfig.Family.BERT) {
            return new BertForPreTraining(config, scope);
        }
        if (shapes.has("cls.predictions.transform.dense.weight") || shapes.has("lm_head.dense.weight")) {
            return new BertForMaskedLM(config, scope);
        }
        if (shapes.has("qa_outputs.weight")) {
            return new BertForQuestionAnswering(config, scope);
        }
        if (shapes.has("classifier.out_proj.weight") || (shapes.has("classifier.weight") && pooled)) {
            return new BertForSequenceClassification(config, scope);
        }
        return shapes.has("classifier.weight") ? new BertForTokenClassification(config, scope) : new Bert(config, pooled, scope);
    }

    /// Loads what a file of any such model has: the encoder must be complete and of these sizes; the head, and the pooler, keep their values
    /// where the file has none or others than these (of another number of labels), and what else the file has is left over. The report says
    /// which.
    ///
    /// @throws dev.headstart.nn.transfer.TransferException when something does not fit; then nothing was changed
    default TransferReport loadEncoder(Weights weights) throws IOException {
        PublishedFile file = PublishedFile.of(this, weights);
        Parameters parameters = file.parameters();
        boolean fits = file.resolved().entrySet().stream()
                .filter(name -> isEncoder(name.getValue()) && parameters.byName().containsKey(name.getValue()))
                .allMatch(name -> weights.shape(name.getKey()).equals(parameters.get(name.getValue()).shape()));
        return file.load(transfer -> {
            Transfer lenient = transfer.allowUnexpected("**").onMismatch(fits ? Transfer.Policy.SKIP : Transfer.Policy.REFUSE);
            for (String name : parameters.byName().keySet()) {
                if (!isEncoder(name)) {
                    lenient = lenient.allowMissing(name);
                }
            }
            return lenient;
        });
    }

    private boolean isEncoder(String name) {
        String inner = name.startsWith(prefix()) ? name.substring(prefix().length()) : name;
        return inner.startsWith("embeddings.") || inner.startsWith("encoder.");
    }

    @Override
    default M resized(int vocabulary, int positions, RandomStream random) {
        return build(config().withVocabulary(vocabulary).withPositions(positions), random);
    }

    @Override
    default int vocabulary() {
        return config().vocabulary();
    }

    @Override
    default int positions() {
        return config().positions();
    }
}
