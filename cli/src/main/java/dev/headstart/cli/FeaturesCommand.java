package dev.headstart.cli;

import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.LengthOption;
import dev.headstart.cli.options.NetworkOptions;
import dev.headstart.cli.options.ResizeOption;
import dev.headstart.io.Npy;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Utf8;
import dev.headstart.task.ExtractFeatures;
import dev.headstart.tensor.Indices;
import java.io.IOException;
import java.nio.file.Path;
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
        ExtractFeatures extract = ExtractFeatures.with(network.open(from)).layer(layer).firstToken(firstToken).resize(resize.given())
                .maxLength(length.given()).listener(Terminal.progress());
        ExtractFeatures.Result found;
        if (data != null) {
            LabelledImages images = ImageData.open(data, null);
            found = extract.of(images);
            Npy.write(labels(), Indices.of(images.labels(IntStream.range(0, images.size()).toArray())));
        } else {
            found = extract.of(Utf8.read(Objects.requireNonNull(text, "checked before")).lines().toList());
        }
        Npy.write(out, found.rows());
        spec.commandLine().getOut().println(found.architecture() + ": features " + found.rows().shape() + " in " + out);
    }

    private Path labels() {
        String name = String.valueOf(out.getFileName());
        return out.resolveSibling((name.endsWith(".npy") ? name.substring(0, name.length() - 4) : name) + "-labels.npy");
    }
}
