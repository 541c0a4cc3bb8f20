package dev.headstart.cli;

import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.NetworkOptions;
import dev.headstart.io.data.Utf8;
import dev.headstart.io.text.Options;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.task.model.Capabilities;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.report.Numbers;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.text.Generation;
import dev.headstart.zoo.text.Sampling;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart generate`: continues texts, token by token.
@Command(name = "generate", header = "Go on with a text, with a published GPT-2.", description = {
    "Prints the text and what the model adds to it, as it comes. Without --prompt, each",
    "line of standard input is a prompt. The folder of the weights usually has the rest:",
    "config.json, and vocab.json with merges.txt or tokenizer.json.", "",
    "  headstart generate --from gpt2 --prompt 'Hello, my dog is' --tokens 20", ""})
final class GenerateCommand implements Callable<Integer> {
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

    @Option(names = "--prompt", paramLabel = "TEXT", description = "The text to go on with; several times for several.")
    private List<String> prompts = List.of();

    @Option(names = "--tokens", paramLabel = "N", description = "Tokens to add at most (default: ${DEFAULT-VALUE}).")
    private int tokens = 50;

    @Option(names = "--temperature", paramLabel = "X",
            description = {"Below 1 the likely becomes likelier; 0 always takes the likeliest", "(default: ${DEFAULT-VALUE})."})
    private float temperature = 0.8f;

    @Option(names = "--top-k", paramLabel = "K",
            description = "Choose among the K likeliest tokens; 0 for all (default: ${DEFAULT-VALUE}).")
    private int topK = 0;

    @Option(names = "--top-p", paramLabel = "P",
            description = "Choose among the likeliest tokens that have this share together (default: ${DEFAULT-VALUE}).")
    private float topP = 0.95f;

    @Option(names = "--repetition-penalty", paramLabel = "X", description = "Above 1, what was said becomes less likely (default: 1).")
    private float penalty = 1;

    @Override
    public Integer call() throws IOException {
        new Checks(spec).atLeast(1, "--tokens", tokens)
                .must(temperature >= 0 && Float.isFinite(temperature), "--temperature is " + temperature + ": it must not be negative")
                .atLeast(0, "--top-k", topK).must(topP > 0 && topP <= 1, "--top-p is " + topP + ": it must be above 0 and at most 1")
                .must(penalty > 0 && Float.isFinite(penalty), "--repetition-penalty is " + penalty + ": it must be above 0");
        return main.compute(this::generate);
    }

    private void generate() throws IOException {
        Pretrained published = network.open(from);
        Capabilities loaded = published.load();
        Gpt2LanguageModel model = loaded.languageModel().orElseThrow(
                () -> new IOException(from + ": " + loaded.architecture() + " does not go on with texts: a GPT-2 is needed"));
        Tokenizer known = Tokenizers.demandRows(Tokenizers.open(published.tokenizerFiles()), published.tokenizerFiles(),
                model.config().vocabulary()).with(Options.DEFAULT.withoutSpecialTokens());
        Generation generation = new Generation(tokens, new Sampling(temperature, topK, topP, penalty), Set.copyOf(model.config().ends()));
        spec.commandLine().getErr().println("generate: " + loaded.architecture());
        RandomStream random = RandomStream.of(main.seed()).child("generate");
        List<String> texts = prompts.isEmpty() ? lines() : prompts;
        for (int i = 0; i < texts.size(); i++) {
            print(texts.get(i), generation, model, known, random.child(i));
        }
    }

    private static List<String> lines() throws IOException {
        Utf8 in = Utf8.lines("standard input", new BufferedInputStream(System.in));
        List<String> lines = new ArrayList<>();
        for (String line = in.next(); line != null; line = in.next()) {
            lines.add(line);
        }
        return lines;
    }

    private void print(String prompt, Generation generation, Gpt2LanguageModel model, Tokenizer known, RandomStream random)
            throws IOException {
        int[] ids = known.encode(prompt).ids();
        int[] start = ids.length == 0 ? new int[] {model.config().end()} : ids;
        if (start.length >= model.config().positions()) {
            throw new IOException("the prompt has " + start.length + " tokens, the model " + model.config().positions()
                    + " positions: a shorter one is needed");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(prompt);
        out.flush();
        Printed printed = new Printed(known, out);
        long begin = System.nanoTime();
        Generation.Continuation added = generation.of(model, List.of(start), random, (number, token) -> printed.add(token)).getFirst();
        double seconds = (System.nanoTime() - begin) * 1e-9;
        printed.end();
        spec.commandLine().getErr().println("generate: " + Numbers.count(added.tokens().size()) + " tokens, "
                + Numbers.significant(added.tokens().size() / seconds, 3) + " a second");
    }

    /// What was printed of a text whose tokens come one by one. A token may be a part of a character only: that waits for the rest.
    private static final class Printed {
        private static final int LONGEST = 4; // bytes of a character

        private final Tokenizer tokenizer;
        private final PrintWriter out;
        private final List<Integer> waiting = new ArrayList<>();

        Printed(Tokenizer tokenizer, PrintWriter out) {
            this.tokenizer = tokenizer;
            this.out = out;
        }

        /// @return whether anybody reads what is printed
        boolean add(int token) {
            waiting.add(token);
            String text = text();
            if (!text.endsWith("\uFFFD") || waiting.size() > LONGEST) {
                out.print(text);
                waiting.clear();
            }
            return !out.checkError(); // flushes
        }

        void end() {
            out.println(text());
            out.flush();
        }

        private String text() {
            return tokenizer.decode(waiting.stream().mapToInt(Integer::intValue).toArray(), true);
        }
    }
}
