package dev.headstart.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.ForkedJava;
import dev.headstart.io.Torch;
import dev.headstart.io.Weights;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Layout;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.own.PretrainedEncoder;
import dev.headstart.zoo.text.TransformerSizes;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import dev.headstart.zoo.vision.CifarResNet;
import dev.headstart.zoo.vision.MnistCnn;
import dev.headstart.zoo.vision.ResNet;
import dev.headstart.zoo.vision.Vgg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files are recognised by names and shapes: no weight is drawn, none is read, whatever the sizes.
class RecognitionTest {
    private static final RandomStream RANDOM = RandomStream.of(5);

    @TempDir
    private Path folder;

    /// Says of each file what network it holds: run with a small heap.
    public static final class SmallHeap {
        private SmallHeap() {}

        public static void main(String[] files) throws IOException {
            for (String file : files) {
                System.out.println(Architectures.of(Weights.open(Path.of(file))).orElseThrow().name());
            }
        }
    }

    /// A file in which every weight of a model is the same number, over and over (stride 0).
    private Path file(String name, Published model) throws IOException {
        return file(name, model, parameter -> parameter);
    }

    /// @param renamed the name in the file of a parameter; empty for none
    private Path file(String name, Published model, UnaryOperator<String> renamed) throws IOException {
        Function<String, Layout> layouts = model.layouts();
        StringBuilder pickle = new StringBuilder(Torch.PROTO + "}");
        model.parameters().byName().forEach((parameter, weights) -> {
            if (renamed.apply(parameter).isEmpty()) {
                return;
            }
            long[] dims = IntStream.of(layouts.apply(parameter).toPublished(weights.shape()).dims()).asLongStream().toArray();
            String strides = Torch.tuple(new long[dims.length]);
            pickle.append(Torch.text(renamed.apply(parameter)))
                    .append(Torch.tensor(Torch.storage("FloatStorage", "0", 1), 0, Torch.tuple(dims), strides)).append('s');
        });
        return Files.write(folder.resolve(name), Torch.zip(pickle + ".", new byte[4]));
    }

    @Test
    void networks_of_any_size_are_recognised_in_a_small_heap() throws IOException, InterruptedException {
        TransformerSizes sizes = new TransformerSizes(120_000, 4096, 16_384, 2, 256, 65_536);
        List<Published> models = List.of(
                new ResNet(new ResNet.Config(ResNet.Block.BOTTLENECK, 1024, List.of(3, 4, 6, 3), 30_000), RANDOM),
                CifarResNet.of(20, 30_000_000, 3, RANDOM), Vgg.of(16, true, 500_000, RANDOM), new MnistCnn(10_000_000, RANDOM),
                new Gpt2LanguageModel(Gpt2Config.of(sizes), RANDOM),
                new BertForMaskedLM(BertConfig.of(BertConfig.Family.BERT, sizes), RANDOM),
                PretrainedEncoder.fullyConnected(RANDOM, 40_000, 50_000, 40_000));
        List<String> command = new ArrayList<>(ForkedJava.command("-Xmx64m", SmallHeap.class));
        for (Published model : models) {
            command.add(file("model" + command.size(), model).toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().readAllLines();
        assertEquals(0, process.waitFor(), lines.toString());
        assertEquals(models.size(), lines.size(), lines.toString());
        for (int i = 0; i < lines.size(); i++) {
            assertTrue(lines.get(i).startsWith(models.get(i).architecture() + ", "), lines.get(i));
        }
    }

    @Test
    void a_vgg_may_have_convolutions_in_parallel_and_lack_its_head() throws IOException {
        Vgg vgg = Vgg.of(11, false, 1000, RANDOM);
        Path parallel = file("parallel", vgg, name -> name.replace("features.", "features.module."));
        assertEquals("VGG-11, 1000 classes", Architectures.find(Weights.open(parallel), null).orElseThrow().architecture().name());
        Path hidden = file("hidden", vgg, name -> name.startsWith("classifier.6") ? "" : name);
        Architecture headless = Architectures.find(Weights.open(hidden), null).orElseThrow().architecture();
        assertEquals("VGG-11, no head", headless.name());
        assertTrue(headless.build(RANDOM).parameters().byName().containsKey("classifier.3.weight"));
        Path features = file("features", vgg, name -> name.startsWith("classifier") ? "" : "backbone." + name);
        ImageClassifier body = (ImageClassifier) Architectures.find(Weights.open(features), null).orElseThrow().architecture()
                .build(RANDOM);
        assertTrue(body.isHeadless());
        assertEquals(Shape.of(5, 512 * 7 * 7), body.withHead(5, RANDOM).parameters().get("classifier.6.weight").shape());
    }

    @Test
    void stages_beyond_any_width_are_of_no_network() throws IOException {
        StringBuilder pickle = new StringBuilder(Torch.PROTO + "}");
        Function<long[], String> tensor = dims -> Torch.tensor(Torch.storage("FloatStorage", "0", 1), 0, Torch.tuple(dims),
                Torch.tuple(new long[dims.length]));
        pickle.append(Torch.text("conv1.weight")).append(tensor.apply(new long[] {64, 3, 7, 7})).append('s');
        pickle.append(Torch.text("fc.bias")).append(tensor.apply(new long[] {10})).append('s');
        for (int stage = 1; stage <= 64; stage++) {
            pickle.append(Torch.text("layer" + stage + ".0.conv1.weight")).append(tensor.apply(new long[] {64, 64, 3, 3})).append('s');
        }
        Path file = Files.write(folder.resolve("stages.pt"), Torch.zip(pickle + ".", new byte[4]));
        assertEquals(Optional.empty(), Architectures.of(Weights.open(file)));
    }
}
