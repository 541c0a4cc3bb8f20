package dev.headstart.cli;

import dev.headstart.io.Json;
import dev.headstart.io.data.Utf8;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.TextClassification;
import dev.headstart.train.TextModelFolder;
import dev.headstart.train.report.Numbers;
import dev.headstart.zoo.TextClassifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart predict`: labels for lines of text, as they come.
@Command(name = "predict", header = "Label lines of text from standard input with a fine-tuned model.", description = {
    "Reads UTF-8 lines and prints for each, in order: label, probability and text, with",
    "tabs between. Answers as soon as no further input is waiting. Characters beyond",
    "the model's length are not looked at.", ""})
final class PredictCommand implements Callable<Integer> {
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

    @Option(names = "--json", description = "Print a JSON object for each line.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        new Checks(spec).atLeast(1, "--top", top);
        return main.workers().call(() -> {
            try {
                predict(System.in);
                return 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void predict(InputStream input) throws IOException {
        TextModelFolder folder = TextModelFolder.open(model);
        TextClassifier classifier = folder.classifier();
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
                answer(folder, classifier, batch, print);
                throw e;
            }
            more = line != null;
            if (line != null) {
                batch.add(line);
            }
            if (!more || batch.size() == BATCH || !lines.ready()) {
                answer(folder, classifier, batch, print);
                batch.clear();
            }
        }
    }

    private void answer(TextModelFolder folder, TextClassifier classifier, List<String> texts, PrintWriter print) {
        if (texts.isEmpty()) {
            return;
        }
        List<int[]> sequences = texts.stream().map(text -> folder.vocabulary().encode(text, folder.config().maxLength())).toList();
        Tensor probabilities = TextClassification.logits(classifier, sequences).softmax(); // [texts, labels]
        float[] all = probabilities.toArray();
        int classes = folder.labels().size();
        for (int i = 0; i < texts.size(); i++) {
            int row = i * classes;
            List<Guess> guesses = IntStream.range(0, classes).mapToObj(c -> new Guess(folder.labels().get(c), all[row + c]))
                    .sorted(Comparator.comparingDouble(Guess::probability).reversed()).limit(top).toList();
            print.print((json ? object(texts.get(i), guesses) : line(texts.get(i), guesses)) + "\n");
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

    private static String object(String text, List<Guess> guesses) {
        List<Json> top = guesses.stream().<Json>map(g -> Json.object().put("label", g.label).put("probability", g.probability).build())
                .toList();
        return Json.object().put("text", text).put("label", guesses.getFirst().label).put("probability", guesses.getFirst().probability)
                .put("top", new Json.Arr(top)).build().compact();
    }
}
