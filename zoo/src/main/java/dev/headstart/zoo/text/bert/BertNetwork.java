package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.Weights;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.PublishedFile;
import dev.headstart.zoo.model.Resizable;
import java.io.IOException;

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

    /// Loads what a file of any such model has: the encoder must be complete and of these sizes; the head, and the pooler, keep their
    /// values where the file has none or others than these (of another number of labels), and what else the file has is left over. The
    /// report says which.
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
        return inner.startsWith("embeddings.") || inner.startsWith("encoder.") || inner.startsWith("transformer.");
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
