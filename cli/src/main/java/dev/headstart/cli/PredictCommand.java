package dev.headstart.cli;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.PublishedModel;
import dev.headstart.images.ImageFolder;
import dev.headstart.images.Pictures;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.io.data.Utf8;
import dev.headstart.io.json.Json;
import dev.headstart.io.text.Options;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.task.folder.ImageModelFolder;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.tuning.Characters;
import dev.headstart.task.tuning.PublishedTexts;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.objective.TextClassification;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.own.TextClassifier;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.bert.BertNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart predict`: labels for lines of text, as they come, or for images.
@Command(name = "predict", header = "Label lines of text or images with a fine-tuned model.", description = {
    "Reads UTF-8 lines from standard input and prints for each, in order: label,",
    "probability and text, with tabs between. Answers as soon as no further input is",
    "waiting. What is beyond the model's length is not looked at. With a network for",
    "images, prints the same for each picture.", "",
    "  headstart predict --model classifier < lines.txt",
    "  headstart predict --model classifier holiday.jpg garden.png", ""})
final class PredictCommand implements Callable<Integer> {
    private static final int DEFAULT_LENGTH = 128;
    private static final int BATCH = 64;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Folder that headstart finetune wrote.")
    @SuppressWarnings("NullAway.Init") // required
    private Path model;

    @Option(names = "--top", paramLabel = "K",
            description = "Labels to print for each line, the likeliest first (default: ${DEFAULT-VALUE}).")
    private int top = 1;

    @Option(names = "--json", description = "Print a JSON object for each line or image.")
    private boolean json;

    @Option(names = "--data", paramLabel = "PATH", description = {
        "Images: IDX, CIFAR binary, CSV of bytes, or a folder with a folder of pictures for",
        "each class. Labels are not looked at."})
    private @Nullable Path data;

    @Parameters(arity = "0..*", paramLabel = "PICTURE", description = "PNG or JPEG files.")
    private List<Path> pictures = List.of();

    @Override
    public Integer call() throws IOException {
        new Checks(spec).atLeast(1, "--top", top).must(data == null || pictures.isEmpty(), "give --data or pictures, not both");
        return main.compute(this::predict);
    }

    private void predict() throws IOException {
        if (Characters.isFolder(model) && !Files.exists(model.resolve(ImageModelFolder.WEIGHTS))) {
            TextModelFolder folder = TextModelFolder.open(model);
            TextClassifier classifier = folder.classifier();
            int length = folder.config().maxLength();
            label("characters", new Texts(folder.labels(), texts -> TextClassification.logits(classifier,
                    texts.stream().map(text -> folder.vocabulary().encode(text, length)).toList())));
            return;
        }
        PublishedModel published = PublishedModel.open(model, null);
        switch (published.load()) {
            case BertForSequenceClassification network -> {
                Tokenizer known = Tokenizers.open(published.folder()).with(Options.DEFAULT.truncate(Math.min(
                        Tokenizers.maxLength(published.folder()).orElse(DEFAULT_LENGTH), network.config().maxLength())));
                label(network.architecture(), new Texts(network.config().labels(), texts -> PublishedTexts.logits(network,
                        texts.stream().map(text -> known.encode(text).ids()).toList(), BATCH)));
            }
            case BertNetwork<?> network -> throw new IOException(model + ": " + network.architecture()
                    + " has no head for labels: fine-tune it first (headstart finetune --from " + model + " …)");
            case Published network -> images(published, published.images(network, null));
        }
    }

    /// A network for texts.
    ///
    /// @param logits `[texts, labels]`
    private record Texts(List<String> labels, Function<List<String>, Tensor> logits) {}

    private void label(String architecture, Texts network) throws IOException {
        if (data != null || !pictures.isEmpty()) {
            throw new IOException(
                    model + ": " + architecture + " labels lines of standard input: --data and pictures are for networks for images");
        }
        label(System.in, network);
    }

    private void label(InputStream input, Texts network) throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        Utf8 lines = Utf8.lines("standard input", input);
        List<String> batch = new ArrayList<>();
        boolean more = true;
        while (more && !print.checkError()) { // an error: nobody reads any more
            @Nullable
            String line;
            try {
                line = lines.next();
            } catch (IOException e) {
                answer(network, batch, print);
                throw e;
            }
            more = line != null;
            if (line != null) {
                batch.add(line);
            }
            if (!more || batch.size() == BATCH || !lines.ready()) {
                answer(network, batch, print);
                batch.clear();
            }
        }
    }

    private void answer(Texts network, List<String> texts, PrintWriter print) {
        if (!texts.isEmpty()) {
            print("text", texts, network.labels, network.logits.apply(texts), print);
        }
    }

    private void images(PublishedModel published, PublishedModel.ImageNetwork network) throws IOException {
        if (data == null && pictures.isEmpty()) {
            throw new IOException(model + ": " + published.architecture().name() + " labels images: give pictures or --data");
        }
        PrintWriter print = spec.commandLine().getOut();
        Optional<List<String>> known = published.classNames();
        Given given = data == null ? new Given(pictures.size(), 1, this::picture, i -> pictures.get(i).toString()) : given(data, network);
        for (int from = 0; from < given.size && !print.checkError(); from += given.batch) {
            int[] some = IntStream.range(from, Math.min(given.size, from + given.batch)).toArray();
            Tensor images = given.images.of(some, network.preprocessing());
            Tensor logits = Mode.inference(() -> network.logits().apply(Variable.of(images)).value());
            List<String> labels = known.orElseGet(() -> IntStream.range(0, logits.dim(1)).mapToObj(String::valueOf).toList());
            print("image", IntStream.of(some).mapToObj(given.name).toList(), labels, logits, print);
        }
    }

    /// Images to be labelled.
    ///
    /// @param batch how many together; it changes no bit
    /// @param name of one
    private record Given(int size, int batch, Seen images, IntFunction<String> name) {}

    /// Some images as a network sees them, `[images, height, width, channels]`.
    private interface Seen {
        Tensor of(int[] some, Preprocessing preprocessing) throws IOException;
    }

    /// One picture: the next may have another size.
    private Tensor picture(int[] some, Preprocessing preprocessing) throws IOException {
        return preprocessing.of(List.of(Pictures.read(pictures.get(some[0]))));
    }

    private static Given given(Path path, PublishedModel.ImageNetwork network) throws IOException {
        LabelledImages images = ImageData.open(path, null);
        boolean oneSize = !(images instanceof ImageFolder) || network.preprocessing().crop() > 0;
        return new Given(images.size(), oneSize ? BATCH : 1, images::batch,
                i -> images instanceof ImageFolder folder ? folder.file(i).toString() : String.valueOf(i));
    }

    /// A line for each thing.
    ///
    /// @param kind of the things, in JSON
    /// @param logits `[things, labels]`
    private void print(String kind, List<String> things, List<String> labels, Tensor logits, PrintWriter print) {
        float[] all = logits.softmax().toArray();
        int classes = labels.size();
        for (int i = 0; i < things.size(); i++) {
            int row = i * classes;
            List<Guess> guesses = IntStream.range(0, classes).mapToObj(c -> new Guess(labels.get(c), all[row + c]))
                    .sorted(Comparator.comparingDouble(Guess::probability).reversed()).limit(top).toList();
            print.print((json ? object(kind, things.get(i), guesses) : line(things.get(i), guesses)) + "\n");
        }
        print.flush();
    }

    private record Guess(String label, double probability) {}

    /// Tabs separate, so a label has none; the text comes last and keeps its own.
    private static String line(String text, List<Guess> guesses) {
        StringBuilder line = new StringBuilder();
        for (Guess guess : guesses) {
            line.append(guess.label.replaceAll("[\\t\\r\\n]", " ")).append('\t').append(Numbers.fixed(guess.probability, 4)).append('\t');
        }
        return line.append(text).toString();
    }

    private static String object(String kind, String thing, List<Guess> guesses) {
        List<Json> top = guesses.stream().<Json>map(g -> Json.object().put("label", g.label).put("probability", g.probability).build())
                .toList();
        return Json.object().put(kind, thing).put("label", guesses.getFirst().label).put("probability", guesses.getFirst().probability)
                .put("top", new Json.Arr(top)).build().compact();
    }
}
