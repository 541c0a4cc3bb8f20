package dev.headstart.examples;

import dev.headstart.autograd.Parameters;
import dev.headstart.nn.adapt.Additions;
import dev.headstart.nn.adapt.Prompt;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.train.tuning.LoraFile;
import dev.headstart.train.tuning.Snapshot;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// LoRA, adapters, BitFit and prompt vectors: what is learnt is small and added, what was learnt before stays. The models are small here; the calls are
/// those for a published one. BERT's texts are 8 of 30 tokens, and the question is whether token 7 is among them.
public final class FewParametersExample {
    private static final int[][] TEXTS = texts();

    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        lora(out);
        adapters(out);
        bitFit(out);
        prompt(out);
    }

    private static BertForSequenceClassification bert() {
        return new BertForSequenceClassification(BertConfig.of(30, 16, 2, 2, 32).withPositions(16).withDropout(0).withLabels(2),
                RandomStream.of(7));
    }

    private static void lora(PrintStream out) {
        BertForSequenceClassification bert = bert();
        Tensor base = bert.forward(batch(0, 1, 2)).value();
        Additions lora = Additions.lora(bert, "**.attention.self.{query,value}", 4, 8, RandomStream.of(1));
        out.println("LoRA, before the first step: outputs "
                + (base.bitsEqual(bert.forward(batch(0, 1, 2)).value()) ? "have the bits" : "are not those")
                + " of the base model");
        learn(out, "LoRA", bert, lora.alone("classifier.**"));

        Path folder = temporary();
        try {
            LoraFile.save(folder, lora, bert.parameters().select("classifier.*"));
            BertForSequenceClassification other = bert();
            LoraFile.load(folder, other);
            Tensor tuned = bert.forward(batch(0, 1, 2)).value();
            out.println("LoRA, saved in " + Files.size(folder.resolve("adapter_model.safetensors")) + " bytes and loaded: outputs "
                    + (tuned.bitsEqual(other.forward(batch(0, 1, 2)).value()) ? "have the bits" : "are not those") + " of before");
            lora.merge();
            out.printf("LoRA, merged into the weights: outputs differ by %.0e at most%n",
                    difference(tuned, bert.forward(batch(0, 1, 2)).value()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(folder);
        }
    }

    private static void adapters(PrintStream out) {
        BertForSequenceClassification bert = bert();
        Tensor base = bert.forward(batch(0, 1, 2)).value();
        Additions adapters = Additions.adapters(bert, "**.output.dense", 4, RandomStream.of(1));
        out.printf("Adapters, before the first step: outputs differ by %.0e at most%n",
                difference(base, bert.forward(batch(0, 1, 2)).value()));
        learn(out, "Adapters", bert, adapters.alone("classifier.**", "**.LayerNorm.*"));
    }

    private static void bitFit(PrintStream out) {
        BertForSequenceClassification bert = bert();
        learn(out, "BitFit", bert, bert.parameters().only("**.bias", "classifier.**"));
    }

    private static void learn(PrintStream out, String name, BertForSequenceClassification bert, Parameters learnt) {
        Snapshot before = Snapshot.of(bert.parameters());
        Objective objective = (examples, random) -> bert.loss(batch(examples), labels(examples));
        float first = loss(objective);
        Task.learn(objective, bert.parameters(), TEXTS.length, 60);
        long moved = before.values().entrySet().stream().filter(e -> !e.getValue().bitsEqual(bert.parameters().get(e.getKey()).value()))
                .count();
        out.printf("%s: %d of %d weights learn, loss %.3f, before %.3f; %d of %d tensors moved, %d of them allowed to%n", name,
                learnt.count(),
                bert.parameters().count(), loss(objective), first, moved, bert.parameters().size(), learnt.size());
    }

    private static float loss(Objective objective) {
        int[] all = new int[TEXTS.length];
        Arrays.setAll(all, i -> i);
        return objective.loss(all, RandomStream.of(1)).value().item();
    }

    /// A GPT-2 that has learnt to count, up or down as the second number says. The prompt, which stands before the first, is to say "down".
    private static void prompt(PrintStream out) {
        Gpt2LanguageModel gpt2 = new Gpt2LanguageModel(Gpt2Config.of(12, 16, 16, 1, 2).withDropout(0), RandomStream.of(3));
        TokenBatch both = counting(new int[0], 1, -1);
        Task.learn((examples, random) -> gpt2.loss(both, both.ids()), gpt2.parameters(), 1, 80);

        TokenBatch down = counting(new int[0], -1);
        Tensor base = gpt2.forward(down).value();
        Snapshot before = Snapshot.of(gpt2.parameters());
        Prompt prompt = Prompt.ofTokens(gpt2, "**.wte", 5, 6);
        prompt.alone(gpt2);
        TokenBatch prompted = counting(prompt.into(new int[0], 0), -1);
        Indices next = next(prompted.ids(), prompt.length());
        float first = gpt2.tokenLoss(prompted, next).value().item();
        Adam adam = Adam.adamW(List.of(ParamGroup.of(gpt2.parameters()).rate(0.1)), Schedule.constant(), 1); // large, as in the paper
        for (int step = 0; step < 40; step++) {
            adam.step(gpt2.tokenLoss(prompted, next).backward());
        }
        boolean same = before.values().entrySet().stream().allMatch(e -> e.getValue().bitsEqual(gpt2.parameters().get(e.getKey()).value()));
        out.printf("Prompt: %d of %d weights learn, loss %.3f, before %.3f; the model %s%n", prompt.vectors().value().size(),
                gpt2.parameters().count(), gpt2.tokenLoss(prompted, next).value().item(), first,
                same && base.bitsEqual(gpt2.forward(down).value()) ? "has the bits it had" : "has moved");
    }

    /// Four of the numbers 0 to 11, from each in each direction, after what stands before.
    private static TokenBatch counting(int[] before, int... directions) {
        List<int[]> rows = new ArrayList<>();
        for (int direction : directions) {
            for (int start = 0; start < 12; start++) {
                int[] row = Arrays.copyOf(before, before.length + 4);
                for (int i = 0; i < 4; i++) {
                    row[before.length + i] = Math.floorMod(start + direction * i, 12);
                }
                rows.add(row);
            }
        }
        return TokenBatch.of(Indices.of(Shape.of(rows.size(), before.length + 4), rows.stream().flatMapToInt(Arrays::stream).toArray()));
    }

    /// What follows each token; -100 where that is not asked: within the prompt, whose last token the first number follows, and at the end.
    private static Indices next(Indices ids, int prompt) {
        int time = ids.shape().dim(1);
        int[] next = new int[ids.size()];
        Arrays.setAll(next, i -> i % time < prompt || i % time == time - 1 ? -100 : ids.at(i + 1));
        return Indices.of(ids.shape(), next);
    }

    // ---- texts ----

    private static int[][] texts() {
        int[][] texts = new int[60][8];
        for (int i = 0; i < texts.length; i++) {
            RandomStream random = RandomStream.of(50).child(i);
            Arrays.setAll(texts[i], at -> 8 + random.below(22, at));
            if (i % 2 == 1) {
                texts[i][random.below(8, 100)] = 7;
            }
        }
        return texts;
    }

    private static TokenBatch batch(int... examples) {
        return TokenBatch.of(Arrays.stream(examples).mapToObj(i -> TEXTS[i]).toList(), 0);
    }

    private static Indices labels(int... examples) {
        return Indices.of(Arrays.stream(examples).map(i -> i % 2).toArray());
    }

    private static double difference(Tensor a, Tensor b) {
        return a.minus(b).abs().max(0, 1).item();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("lora");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try {
            for (String name : List.of("adapter_model.safetensors", "adapter_config.json")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FewParametersExample() {}
}
