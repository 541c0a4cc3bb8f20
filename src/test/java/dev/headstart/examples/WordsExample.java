package dev.headstart.examples;

import dev.headstart.nn.model.TokenBatch;
import dev.headstart.task.objective.BertPretraining;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.objective.TokenMasking;
import dev.headstart.zoo.model.Surgery;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// A small BERT learns from texts without labels, goes on with texts of a domain, and becomes the body of a classifier. The sentences count: `5 6 7 8`;
/// those of the domain count down.
public final class WordsExample {
    private static final int MASK = 3;
    private static final BertConfig CONFIG = BertConfig.of(24, 32, 1, 2, 64).withPositions(16).withDropout(0);
    private static final TokenMasking MASKING = TokenMasking.of(0.15, 20, MASK, 24, Set.of(0, 1, 2));

    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        BertForMaskedLM bert = new BertForMaskedLM(CONFIG, RandomStream.of(1));
        List<int[]> general = sentences(1);
        List<int[]> domain = sentences(-1);
        tell(out, "random weights", bert, general, domain);

        learn(bert, general);
        tell(out, "after general texts", bert, general, domain);

        BertForMaskedLM further = Surgery.carry(bert, new BertForMaskedLM(CONFIG, RandomStream.of(2))).model();
        TokenBatch text = TokenBatch.of(domain.subList(0, 2), 0);
        Tensor before = bert.forward(text).value();
        out.println("before the domain's first step the model " + (before.bitsEqual(further.forward(text).value()) ? "is" : "is not")
                + " its source, bit by bit");
        learn(further, domain);
        tell(out, "after the domain's texts", further, general, domain);

        BertForSequenceClassification classifier = Surgery
                .swapHead(further, new BertForSequenceClassification(CONFIG.withLabels(2), RandomStream.of(3)))
                .model();
        out.println("a classifier of its body has " + classifier.parameters().select("bert.encoder.**").count()
                + " weights of the encoder, and "
                + classifier.parameters().select("classifier.**").count() + " new ones");

        TokenMasking words = MASKING.wholeWords(token -> token >= 20); // 20 to 23 are pieces that go on with a word
        int[] sentence = {1, 5, 20, 21, 6, 22, 7, 8, 9, 10, 11, 12, 13, 2};
        for (int draw = 0; draw < 3; draw++) {
            out.println("whole words: hidden are places " + Arrays.toString(words.mask(sentence, RandomStream.of(draw)).positions()));
        }
    }

    /// Ten numbers each, one after the other, between the token that begins (1) and the one that ends (2).
    private static List<int[]> sentences(int direction) {
        return IntStream.range(0, 40).mapToObj(start -> IntStream.range(0, 12)
                .map(i -> i == 0 ? 1 : i == 11 ? 2 : 4 + Math.floorMod(start + direction * i, 16)).toArray()).toList();
    }

    private static BertPretraining objective(BertForMaskedLM bert, List<int[]> sentences) {
        return BertPretraining.ofSequences(BertPretraining.masked(bert), sentences, MASKING);
    }

    private static void learn(BertForMaskedLM bert, List<int[]> sentences) {
        Task.learn(objective(bert, sentences), bert.parameters(), sentences.size(), 80);
    }

    private static void tell(PrintStream out, String when, BertForMaskedLM bert, List<int[]> general, List<int[]> domain) {
        int[] all = IntStream.range(0, 40).toArray();
        out.printf("%-25s loss of hidden words: general %.2f, domain %.2f%n", when,
                objective(bert, general).loss(all, RandomStream.of(9)).value().item(),
                objective(bert, domain).loss(all, RandomStream.of(9)).value().item());
    }

    private WordsExample() {}
}
