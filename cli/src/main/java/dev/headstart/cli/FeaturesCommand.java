package dev.headstart.cli;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.LengthOption;
import dev.headstart.cli.options.NetworkOptions;
import dev.headstart.cli.options.ResizeOption;
import dev.headstart.cli.terminal.Progress;
import dev.headstart.io.Npy;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.io.data.Utf8;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.nn.conv.AdaptiveAvgPool2d;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.model.Capabilities;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workspace;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.text.bert.BertNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart features`: what a network makes of examples, as a matrix for other programs.
@Command(name = "features", header = "Write a network's features of images or texts to an npy file.", description = {
    "One row for each example, in order. Of images: what the head sees, or a stage's mean",
    "over the image. Of texts, with BERT: the mean of the tokens' vectors, or that of the",
    "first token, after any layer. Labels go to a second file beside it.", "",
    "  headstart features --from resnet50.safetensors --data pictures --out x.npy", ""})
final class FeaturesCommand implements Callable<Integer> {
    private static final int BATCH = 32;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--from", required = true, paramLabel = "PATH", description = "Weight file, or the folder it is in.")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Option(names = "--data", paramLabel = "PATH", description = "Images with labels: a file or a folder.")
    private @Nullable Path data;

    @Mixin
    private final ResizeOption resize = new ResizeOption();

    @Option(names = "--text", paramLabel = "FILE", description = "Instead of images: texts, one a line.")
    private @Nullable Path text;

    @Mixin
    private final LengthOption length = new LengthOption();

    @Option(names = "--layer", paramLabel = "NAME",
            description = {"Stage of an image network, such as layer3; layer of BERT, from 0, the", "embeddings, up (default: the last)."})
    private @Nullable String layer;

    @Option(names = "--first-token", description = "Of texts: the first token's vector instead of the mean.")
    private boolean firstToken;

    @Option(names = "--out", required = true, paramLabel = "FILE",
            description = "npy file for the features; labels go to FILE with -labels.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Override
    public Integer call() throws IOException {
        Checks checks = new Checks(spec)
                .must((data == null) != (text == null), "features of what? Give --data for images or --text for texts")
                .must(data == null || (!network.givesTokenizer() && !firstToken),
                        "--tokenizer and --first-token are for texts, --data gives images")
                .must(text == null || resize.given() == null, "--resize is for images, --text gives texts");
        length.check(checks);
        resize.check(checks);
        return main.compute(this::write);
    }

    private void write() throws IOException {
        Pretrained model = network.open(from);
        Capabilities loaded = model.load();
        Tensor features;
        if (data != null) {
            ChosenImages images = ChosenImages.all(ImageData.open(data, null));
            features = ofImages(model, loaded, images);
            Npy.write(labels(), Indices.of(images.labels()));
        } else {
            BertNetwork<?> bert = loaded.bert()
                    .orElseThrow(() -> new IOException(from + ": " + loaded.architecture() + " reads no texts here: a BERT is needed"));
            Tokenizer known = model.tokenizer(length.given(), bert.config().maxLength());
            features = ofTexts(bert, Utf8.read(Objects.requireNonNull(text, "checked before")).lines()
                    .map(line -> known.encode(line).ids()).toList());
        }
        Npy.write(out, features);
        spec.commandLine().getOut().println(loaded.architecture() + ": features " + features.shape() + " in " + out);
    }

    private Path labels() {
        String name = String.valueOf(out.getFileName());
        return out.resolveSibling((name.endsWith(".npy") ? name.substring(0, name.length() - 4) : name) + "-labels.npy");
    }

    private interface Rows {
        Variable of(int[] examples) throws IOException;
    }

    /// Batch by batch, without recording.
    private static Tensor collect(int examples, Rows rows) throws IOException {
        if (examples == 0) {
            throw new IOException("there are no examples to make features of");
        }
        Progress progress = Terminal.progress();
        progress.began("features", 0, Math.ceilDiv(examples, BATCH));
        Workspace workspace = new Workspace();
        List<Tensor> parts = new ArrayList<>();
        try {
            for (int at = 0; at < examples; at += BATCH) {
                int[] some = IntStream.range(at, Math.min(examples, at + BATCH)).toArray();
                Tensor part = workspace.call(() -> Mode.inference(() -> {
                    try {
                        Tensor found = rows.of(some).value();
                        return new Copied(found.shape(), found.toArray());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })).tensor();
                parts.add(part);
                progress.stepped(some.length, Double.NaN);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        progress.ended();
        return Tensor.concat(0, parts.toArray(Tensor[]::new));
    }

    /// Numbers that outlive a workspace.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Copied(Shape shape, float[] values) {
        Tensor tensor() {
            return Tensor.wrap(shape, values);
        }
    }

    private Tensor ofImages(Pretrained model, Capabilities loaded, ChosenImages images) throws IOException {
        ImageClassifier classifier = loaded.demandClassifier();
        Preprocessing preprocessing = model.preprocessing(classifier, resize.given());
        return collect(images.size(), examples -> {
            Map<String, Variable> states = new LinkedHashMap<>();
            Variable last = classifier.features(Variable.of(images.batch(examples, preprocessing)), states::put);
            Variable stage = layer == null ? null : states.get(layer);
            if (layer != null && stage == null) {
                throw new IOException("--layer " + layer + ": the stages of this network are " + String.join(", ", states.keySet()));
            }
            return stage == null ? last : AdaptiveAvgPool2d.global().forward(stage).reshape(examples.length, stage.shape().dim(3));
        });
    }

    private Tensor ofTexts(BertNetwork<?> network, List<int[]> sequences) throws IOException {
        int layers = network.config().layers();
        int wanted = layer == null ? layers : layer.matches("\\d{1,4}") ? Integer.parseInt(layer) : -1;
        if (wanted < 0 || wanted > layers) {
            throw new IOException("--layer " + layer + ": the layers of this network are 0, the embeddings, to " + layers);
        }
        return collect(sequences.size(), examples -> {
            TokenBatch batch = TokenBatch.of(IntStream.of(examples).mapToObj(sequences::get).toList(), network.config().padding());
            List<Variable> states = new ArrayList<>();
            network.bert().forward(batch, states::add);
            Variable x = states.get(wanted); // [batch, time, width]
            return firstToken ? x.slice(1, 0, 1).reshape(examples.length, network.config().width()) : mean(x, batch);
        });
    }

    /// The mean of each sequence's tokens, padding left out.
    private static Variable mean(Variable x, TokenBatch batch) {
        Tensor kept = batch.kept();
        if (kept == null) {
            return x.mean(1);
        }
        Tensor counts = kept.sum(1).reshape(batch.size(), 1);
        return x.times(Variable.of(kept.reshape(batch.size(), batch.time(), 1))).sum(1).dividedBy(Variable.of(counts));
    }
}
