package dev.headstart.cli;

import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.data.PictureFiles;
import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.NetworkOptions;
import dev.headstart.cli.terminal.Notes;
import dev.headstart.images.ImageFolder;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.io.data.Utf8;
import dev.headstart.io.json.Json;
import dev.headstart.task.Predict;
import dev.headstart.task.data.SeenImages;
import dev.headstart.task.goal.Predictor;
import dev.headstart.task.goal.Ranking;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.TextWidth;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    "  headstart predict --from classifier < lines.txt",
    "  headstart predict --from classifier holiday.jpg garden.png", ""})
final class PredictCommand implements Callable<Integer> {
    private static final int BATCH = 64;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = {"--from", "--model"}, required = true, paramLabel = "PATH",
            description = "Folder that headstart finetune wrote, or a published network with labels of its own.")
    @SuppressWarnings("NullAway.Init") // required
    private Path model;

    @Mixin
    private final NetworkOptions options = new NetworkOptions();

    @Option(names = "--top", paramLabel = "K",
            description = {"Labels to print for each line, the likeliest first (default: 1; where several",
                "labels may hold at once, those with a probability of at least 0.5)."})
    private @Nullable Integer top;

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
        new Checks(spec).atLeast(1, "--top", top == null ? 1 : top).must(data == null || pictures.isEmpty(),
                "give --data or pictures, not both");
        return main.compute(this::predict);
    }

    private void predict() throws IOException {
        Predict network = Predict.with(options.open(model));
        Notes.say(network.notes());
        boolean givesImages = data != null || !pictures.isEmpty();
        if (network.labelsTexts() && givesImages) {
            throw new IOException(model + ": " + network.architecture()
                    + " labels lines of standard input: --data and pictures are for networks for images");
        }
        if (!network.labelsTexts() && !givesImages) {
            throw new IOException(model + ": " + network.architecture() + " labels images: give pictures or --data");
        }
        if (network.givesNumbers()) {
            List<String> outputs = network.outputs();
            Predictor<String, double[]> numbers = network.numbers();
            lines(System.in, texts -> print(texts, outputs, numbers.all(texts)));
        } else if (network.labelsTexts()) {
            Predictor<String, Ranking> labels = network.texts();
            lines(System.in, texts -> print("text", texts, labels.all(texts), spec.commandLine().getOut()));
        } else {
            images(network);
        }
    }

    private void lines(InputStream input, Consumer<List<String>> answer) throws IOException {
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
                answer(batch, answer);
                throw e;
            }
            more = line != null;
            if (line != null) {
                batch.add(line);
            }
            if (!more || batch.size() == BATCH || !lines.ready()) {
                answer(batch, answer);
                batch.clear();
            }
        }
    }

    private static void answer(List<String> texts, Consumer<List<String>> answer) {
        if (!texts.isEmpty()) {
            answer.accept(texts);
        }
    }

    private void print(List<String> texts, List<String> outputs, List<double[]> numbers) {
        PrintWriter print = spec.commandLine().getOut();
        for (int i = 0; i < texts.size(); i++) {
            print.print(numbers(outputs, texts.get(i), numbers.get(i)) + "\n");
        }
        print.flush();
    }

    /// A number, or each with its name where there are several.
    private String numbers(List<String> outputs, String text, double[] numbers) {
        if (json) {
            Json.Builder named = Json.object();
            IntStream.range(0, numbers.length).forEach(i -> named.put(outputs.get(i), numbers[i]));
            return Json.object().put("text", text).put("numbers", named.build()).build().compact();
        }
        return IntStream.range(0, numbers.length)
                .mapToObj(i -> (numbers.length == 1 ? "" : cell(outputs.get(i)) + "\t") + Numbers.fixed(numbers[i], 4) + "\t")
                .collect(Collectors.joining()) + text;
    }

    private void images(Predict network) throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        LabelledImages given = data == null ? new PictureFiles(pictures) : ImageData.unlabelled(data, null);
        SeenImages seen = new SeenImages(given);
        Predict fitted = network.seeing(seen);
        Preprocessing preprocessing = fitted.preprocessing();
        boolean oneSize = data != null && (!(given instanceof ImageFolder) || preprocessing.crop() > 0);
        int together = oneSize ? BATCH : 1; // it changes no bit
        for (int from = 0; from < given.size() && !print.checkError(); from += together) {
            int[] some = IntStream.range(from, Math.min(given.size(), from + together)).toArray();
            print("image", IntStream.of(some).mapToObj(i -> name(given, i)).toList(), fitted.rank(seen.batch(some, preprocessing)), print);
        }
        Notes.say(fitted.notes(seen));
    }

    private String name(LabelledImages given, int image) {
        return data == null
                ? pictures.get(image).toString()
                : given instanceof ImageFolder folder ? folder.file(image).toString() : String.valueOf(image);
    }

    /// A line for each thing.
    ///
    /// @param kind of the things, in JSON
    private void print(String kind, List<String> things, List<Ranking> rankings, PrintWriter print) {
        for (int i = 0; i < things.size(); i++) {
            Ranking ranking = rankings.get(i);
            List<Ranking.Guess> guesses = top == null ? ranking.holding() : ranking.guesses().stream().limit(top).toList();
            print.print((json ? object(kind, things.get(i), ranking, guesses) : line(things.get(i), guesses)) + "\n");
        }
        print.flush();
    }

    /// Tabs separate, so a label has none, nor anything that a terminal would obey; the text comes last and keeps its own.
    private static String line(String text, List<Ranking.Guess> guesses) {
        StringBuilder line = new StringBuilder();
        for (Ranking.Guess guess : guesses) {
            line.append(cell(guess.label())).append('\t').append(Numbers.fixed(guess.probability(), 4)).append('\t');
        }
        return (guesses.isEmpty() ? line.append("(none)\t\t") : line).append(text).toString();
    }

    private static String cell(String label) {
        return TextWidth.printable(label);
    }

    private static String object(String kind, String thing, Ranking ranking, List<Ranking.Guess> guesses) {
        List<Json> top = guesses.stream().<Json>map(g -> Json.object().put("label", g.label()).put("probability", g.probability()).build())
                .toList();
        Json.Builder object = Json.object().put(kind, thing);
        if (ranking.independent()) {
            object.put("labels", Json.strings(ranking.holding().stream().map(Ranking.Guess::label).toList()));
        } else {
            object.put("label", ranking.label()).put("probability", ranking.probability());
        }
        return object.put("top", new Json.Arr(top)).build().compact();
    }
}
