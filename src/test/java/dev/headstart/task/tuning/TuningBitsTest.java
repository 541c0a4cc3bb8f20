package dev.headstart.task.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Augmentation;
import dev.headstart.io.data.Images;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.task.compare.Comparison;
import dev.headstart.task.compare.LabelledTask;
import dev.headstart.task.compare.Outcome;
import dev.headstart.task.compare.Plan;
import dev.headstart.task.compare.TuningMode;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.report.ModelCard;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.TrainingListener;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.own.TextEncoder;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Fine-tuning and comparisons of small networks give the bits they always gave: the weights of runs, and the curves of comparisons, as
/// digests. Whoever changes them on purpose writes the new ones down, and says so in the changelog.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TuningBitsTest {
    private static final int SIDE = 8;
    private static final RandomStream RANDOM = RandomStream.of(5);
    private static final Map<String, Strategy> STRATEGIES = strategies();

    private Path folder = Path.of("");

    private static Map<String, Strategy> strategies() {
        Map<String, Strategy> all = new LinkedHashMap<>();
        for (Strategy strategy : List.of(new Strategy.Everything(), new Strategy.Head(), new Strategy.Top(2), new Strategy.Biases(),
                new Strategy.ProbeFirst(2), new Strategy.Gradual(2))) {
            all.put(strategy.getClass().getSimpleName(), strategy);
        }
        return all;
    }

    @BeforeAll
    void write(@TempDir Path temporary) throws IOException {
        folder = temporary;
        SafeTensors.write(folder.resolve("small.safetensors"), CifarResNet.of(8, 4, RandomStream.of(1)).export());
        Path bert = Files.createDirectories(folder.resolve("bert"));
        List<String> words = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "day", "night", "##s", "a");
        Files.write(bert.resolve("vocab.txt"), words);
        BertConfig config = BertConfig.of(words.size(), 16, 2, 2, 32).withDropout(0.1f);
        config.json().write(bert.resolve("config.json"));
        SafeTensors.write(bert.resolve("model.safetensors"), new BertForMaskedLM(config, RandomStream.of(4)).export());
        CharVocabulary characters = CharVocabulary.of(List.of("a good day and a bad night"), 50);
        TextEncoder.Config sizes = new TextEncoder.Config(characters.size(), 16, 8, 2, 2, 16, 0.1f);
        new TextModelFolder(Files.createDirectories(folder.resolve("characters")), sizes, characters, List.of())
                .saveEncoder(new TextEncoder(sizes, RandomStream.of(6)));
    }

    /// Images of three classes, each of its own brightness.
    private static ChosenImages images(int count) {
        byte[] pixels = new byte[count * SIDE * SIDE * 3];
        int[] labels = IntStream.range(0, count).map(i -> i % 3).toArray();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (80 * labels[i / (SIDE * SIDE * 3)] + RandomStream.of(count).below(60, i));
        }
        return ChosenImages.all(new Images(pixels, count, SIDE, SIDE, 3, labels, List.of("a", "b", "c")));
    }

    private static LabelledTable texts() throws IOException {
        List<String> texts = new ArrayList<>();
        List<String> moods = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            texts.add((i % 3 == 0 ? "a " : "") + (i % 2 == 0 ? "good" : "bad") + (i % 5 < 2 ? " days" : " night"));
            moods.add(i % 2 == 0 ? "glad" : "sad");
        }
        return LabelledTable.of(LabelledTexts.of("rows", texts, moods), null, null, 0.25, Map.of());
    }

    private ImageNetworks resnet() throws IOException {
        return ImageNetworks.of(new Architecture("small", scope -> CifarResNet.of(8, 4, scope.random())),
                Weights.open(folder.resolve("small.safetensors")), CifarResNet.of(8, 2, RANDOM).preprocessing());
    }

    private BertNetworks bert() throws IOException {
        Path bert = folder.resolve("bert");
        return BertNetworks.open(Weights.open(bert), bert.resolve("config.json"), bert, 16, -1);
    }

    private CharacterNetworks characters() throws IOException {
        return CharacterNetworks.open(folder.resolve("characters"), -1);
    }

    private static TuningSettings settings(Strategy strategy, double mixup) {
        return new TuningSettings(strategy, new LossTerms(0, mixup, 0, 0, 0, 0), 6, 8, 1,
                new TuningSettings.Rates(0.01, 0.02, null, ScheduleKind.LINEAR), 100, 0, 1, new TuningSettings.Cache(true, null));
    }

    private static String weights(FinetuneTask task, TuningSettings settings) throws IOException {
        Tuning.of(task, settings, RANDOM).runToTheEnd(trainer -> trainer);
        return ModelCard.hash(task.parameters()).substring(0, 12);
    }

    private FinetuneTask ofImages(Initialization initialization, Augmentation augmentation, boolean mixing) throws IOException {
        ImageNetworks networks = resnet();
        return FinetuneTask.of(networks, networks.data(images(24), null, null, 0.25, augmentation, mixing, ""), initialization,
                HeadedNetworks.HeadChoice.NEW, Map.of(), RANDOM);
    }

    private static FinetuneTask ofTexts(TextNetworks networks, Initialization initialization) throws IOException {
        return FinetuneTask.of(networks, texts(), initialization, false, RANDOM);
    }

    @Test
    void fine_tuning_gives_these_weights() throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        for (Map.Entry<String, Strategy> each : STRATEGIES.entrySet()) {
            TuningSettings settings = settings(each.getValue(), 0);
            found.put("images " + each.getKey(), weights(ofImages(Initialization.PRETRAINED, Augmentation.NONE, false), settings));
            found.put("BERT " + each.getKey(), weights(ofTexts(bert(), Initialization.PRETRAINED), settings));
            found.put("characters " + each.getKey(), weights(ofTexts(characters(), Initialization.PRETRAINED), settings));
        }
        TuningSettings all = settings(new Strategy.Everything(), 0);
        found.put("images random", weights(ofImages(Initialization.RANDOM, Augmentation.NONE, false), all));
        found.put("images augmented", weights(ofImages(Initialization.PRETRAINED, new Augmentation(1, 0.5, 2), false), all));
        found.put("images mixed", weights(ofImages(Initialization.PRETRAINED, Augmentation.NONE, true),
                settings(new Strategy.Everything(), 0.3)));
        found.put("BERT LowRank", weights(ofTexts(bert(), Initialization.PRETRAINED), settings(new Strategy.LowRank(2), 0)));
        found.put("BERT random", weights(ofTexts(bert(), Initialization.RANDOM), all));
        found.put("characters random", weights(ofTexts(characters(), Initialization.RANDOM), all));
        assertEquals("""
                images Everything d5be2b336fa8
                BERT Everything 83e94065bbd5
                characters Everything d3e19a256b02
                images Head 550c94069b7a
                BERT Head 504830c723ae
                characters Head 9ef437f86377
                images Top 562ae0199c9c
                BERT Top e3554030c85e
                characters Top fcf2826bc56c
                images Biases 5d07b90d4feb
                BERT Biases 8ef882448fc3
                characters Biases e48f6660fd46
                images ProbeFirst 57a3c225ff8c
                BERT ProbeFirst 0239446036f9
                characters ProbeFirst 55fe1f06189a
                images Gradual 2bdd078f0ec1
                BERT Gradual 2bcb8f36af45
                characters Gradual f52269be85e4
                images random c5dd2af0bc33
                images augmented 15bc43d9a0a5
                images mixed 6b75175b0225
                BERT LowRank e7656a418d11
                BERT random 7acd38f72d54
                characters random 230569984a8c
                """, lines(found));
    }

    private static String lines(Map<String, String> found) {
        return found.entrySet().stream().map(each -> each.getKey() + " " + each.getValue() + "\n").collect(Collectors.joining());
    }

    private LabelledTask<Tensor> imageTask() throws IOException {
        ImageNetworks networks = resnet();
        return new LabelledTask<>(networks, List.of("a", "b", "c"), EncodedImages.of(images(30), networks.preprocessing()),
                EncodedImages.of(images(15), networks.preprocessing()), RANDOM);
    }

    private static Plan plan(TuningMode... modes) {
        return new Plan(List.of(modes), List.of(3), 1, 4, 5, 2, 0.01, 0.02, 0.03, List.of(), 2, 1);
    }

    private static Map<String, String> curves(String name, LabelledTask<?> task) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        for (Outcome outcome : new Comparison(task, plan(TuningMode.values()), RANDOM).run(TrainingListener.NONE)) {
            String curve = String.valueOf(outcome.training().curve());
            found.put(name + " " + outcome.run().variant(), Hashes.sha256(curve.getBytes(StandardCharsets.UTF_8)).substring(0, 12));
        }
        return found;
    }

    @Test
    void comparisons_give_these_curves() throws IOException {
        Map<String, String> found = new LinkedHashMap<>(curves("images", imageTask()));
        found.putAll(curves("BERT", LabelledTask.of(bert(), texts(), RANDOM)));
        found.putAll(curves("characters", LabelledTask.of(characters(), texts(), RANDOM)));
        assertEquals("""
                images pre-trained, everything 34150e3c6aa0
                images pre-trained, upper part fae585407aef
                images pre-trained, head only 5b7f7977da31
                images pre-trained, head, then everything faf18691a1f4
                images pre-trained, level by level 41f82e7991f9
                images shuffled, everything dc1062e99298
                images random, everything 31592ffe243c
                BERT pre-trained, everything 6960eb908897
                BERT pre-trained, upper part 7de40b6c4ff0
                BERT pre-trained, head only 017bd7d75989
                BERT pre-trained, head, then everything 0a3bf3cbe9b7
                BERT pre-trained, level by level f6ba4b7d0fb3
                BERT shuffled, everything ede44a66cc37
                BERT random, everything b930b86caf62
                characters pre-trained, everything 69368c076b6b
                characters pre-trained, upper part c7095c37a228
                characters pre-trained, head only 8c4b9abe1db0
                characters pre-trained, head, then everything c44ea2649212
                characters pre-trained, level by level e9cbb4199c38
                characters shuffled, everything 7f01ff04c2d2
                characters random, everything ea1449ca5ba7
                """, lines(found));
    }

    /// Without dropout, where features that are shared have the bits of those that are computed in every step.
    @Test
    void a_run_of_a_comparison_is_a_fine_tuning_on_few_examples() throws IOException {
        LabelledTask<Tensor> task = imageTask();
        Outcome outcome = new Comparison(task, plan(TuningMode.GRADUAL), RANDOM).run(TrainingListener.NONE).getFirst();
        HeadedNetwork<Tensor> network = task.network(Initialization.PRETRAINED, 0);
        RandomStream own = RANDOM.child("learn").child(0);
        int[] labels = task.training().labels();
        int[] few = IntStream.range(0, 3).flatMap(c -> {
            int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == c).toArray();
            return Arrays.stream(own.child("images").child(c).permutation(members.length)).limit(3).map(i -> members[i]);
        }).toArray();
        Examples<Tensor> training = new Examples<>(network, task.training().choose(few));
        FinetuneTask same = new FinetuneTask(network, task.labels(),
                new FinetuneTask.Sides(training, training, new Examples<>(network, task.test()), null),
                new FinetuneTask.Source("small", "small", false, "", "", Map.of(), List.of()));
        TuningSettings settings = TuningSettings.plain(new Strategy.Gradual(1), 4, 5,
                new TuningSettings.Rates(0.01, 0.02, null, ScheduleKind.LINEAR));
        assertEquals(outcome.training().curve(), Tuning.of(same, settings, own).runMeasuring(2, trainer -> trainer).curve());
    }
}
