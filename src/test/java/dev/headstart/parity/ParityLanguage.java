package dev.headstart.parity;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.bert.BertForPreTraining;
import dev.headstart.zoo.text.bert.BertForQuestionAnswering;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.bert.BertForTokenClassification;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// BERT with its heads, RoBERTa, GPT-2. A case without a configuration is of the published size, without dropout.
final class ParityLanguage {
    private static final RandomStream RANDOM = RandomStream.of(1);

    private ParityLanguage() {}

    static Optional<ParityModel> of(ParityCase reference) throws IOException {
        return Optional.ofNullable(switch (reference.architecture()) {
            case "transformers.BertForPreTraining" -> pretraining(reference);
            case "transformers.BertForMaskedLM", "transformers.RobertaForMaskedLM" -> masked(reference);
            case "transformers.BertForSequenceClassification", "transformers.RobertaForSequenceClassification" -> sequences(reference);
            case "transformers.BertForTokenClassification", "transformers.RobertaForTokenClassification" -> tokens(reference);
            case "transformers.BertForQuestionAnswering", "transformers.RobertaForQuestionAnswering" -> answers(reference);
            case "transformers.GPT2LMHeadModel" -> gpt2(reference);
            default -> null;
        });
    }

    private static ParityModel pretraining(ParityCase reference) throws IOException {
        BertForPreTraining model = new BertForPreTraining(bert(reference), RANDOM);
        TokenBatch batch = batch(reference);
        return new ParityModel(model, () -> {
            BertForPreTraining.Answers answers = model.forward(batch);
            return Map.of("prediction_logits", answers.tokens(), "seq_relationship_logits", answers.next());
        }, () -> model.loss(batch, reference.ints("labels"), reference.ints("next_sentence_label")));
    }

    private static ParityModel masked(ParityCase reference) throws IOException {
        BertForMaskedLM model = new BertForMaskedLM(bert(reference), RANDOM);
        TokenBatch batch = batch(reference);
        return new ParityModel(model, () -> logits(model.forward(batch)), () -> model.loss(batch, reference.ints("labels")));
    }

    private static ParityModel sequences(ParityCase reference) throws IOException {
        BertForSequenceClassification model = new BertForSequenceClassification(bert(reference), RANDOM);
        TokenBatch batch = batch(reference);
        return new ParityModel(model, () -> logits(model.forward(batch)), () -> model.loss(batch, reference.ints("labels")));
    }

    private static ParityModel tokens(ParityCase reference) throws IOException {
        BertForTokenClassification model = new BertForTokenClassification(bert(reference), RANDOM);
        TokenBatch batch = batch(reference);
        return new ParityModel(model, () -> logits(model.forward(batch)), () -> model.loss(batch, reference.ints("labels")));
    }

    private static ParityModel answers(ParityCase reference) throws IOException {
        BertForQuestionAnswering model = new BertForQuestionAnswering(bert(reference), RANDOM);
        TokenBatch batch = batch(reference);
        return new ParityModel(model, () -> {
            BertForQuestionAnswering.Answers answers = model.forward(batch);
            return Map.of("start_logits", answers.starts(), "end_logits", answers.ends());
        }, () -> model.loss(batch, reference.ints("start_positions"), reference.ints("end_positions")));
    }

    private static ParityModel gpt2(ParityCase reference) throws IOException {
        Gpt2Config config = Gpt2Config.of(reference.config());
        Gpt2LanguageModel model = new Gpt2LanguageModel(reference.config().members().isEmpty() ? config.withDropout(0) : config, RANDOM);
        TokenBatch batch = batch(reference);
        return new ParityModel(model, () -> logits(model.forward(batch)), () -> model.loss(batch, reference.ints("labels")));
    }

    private static BertConfig bert(ParityCase reference) throws IOException {
        BertConfig config = BertConfig.of(reference.config());
        return reference.config().members().isEmpty() ? config.withDropout(0) : config;
    }

    private static TokenBatch batch(ParityCase reference) {
        return new TokenBatch(reference.ints("input_ids"), kept(reference),
                reference.has("token_type_ids") ? reference.ints("token_type_ids") : null);
    }

    private static @Nullable Tensor kept(ParityCase reference) {
        if (!reference.has("attention_mask")) {
            return null;
        }
        Indices mask = reference.ints("attention_mask");
        float[] kept = new float[mask.size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = mask.at(i);
        }
        return Tensor.wrap(mask.shape(), kept);
    }

    private static Map<String, Variable> logits(Variable logits) {
        return Map.of("logits", logits);
    }
}
