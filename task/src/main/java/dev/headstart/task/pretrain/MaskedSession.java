package dev.headstart.task.pretrain;

import dev.headstart.task.goal.Session;
import dev.headstart.tensor.Tensor;
import java.util.Map;

/// Masked parts of texts are predicted: a network, texts to train on, and held-out texts. It says more than any session, for the card and
/// the report of a network that has no labels.
public interface MaskedSession extends Session {
    /// Share of a text that is masked (Devlin et al. 2018, arXiv 1810.04805).
    double MASKED = 0.15;

    /// Sequences of a batch when predictions are counted.
    int EVALUATION_BATCH = 64;

    /// Name of the only metric: the share of masked parts of held-out texts that are predicted right.
    String ACCURACY = "accuracy";

    /// What is masked: `characters`, `tokens`.
    String unit();

    /// The texts, in words.
    String texts();

    /// The network, in words, and where its weights come from.
    String network();

    /// What the network is: `BERT for masked language modelling`.
    String architecture();

    /// What its weights start from: a file, or `random`.
    String source();

    /// Where the texts come from.
    Corpus.Provenance provenance();

    /// What [#save] writes, by name.
    Map<String, Tensor> weights();

    /// What must be the same when a run is resumed, by name.
    Map<String, Object> facts();

    /// None of it is new: masked language models are saved with, or without, their own head.
    @Override
    default String head() {
        return "";
    }
}
