package dev.headstart.cli;

import dev.headstart.cli.terminal.Notes;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.report.ModelCard;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.task.report.TextWidth;
import dev.headstart.zoo.Architectures;
import dev.headstart.zoo.FoundNetwork;
import dev.headstart.zoo.PartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `headstart inspect FILE`: what a weight file holds. Reads its table of contents only, so large files are as quick as small ones.
@Command(name = "inspect", header = "Show the names, shapes and sizes of a weight file.", description = {
    "",
    "Reads the table of contents, not the weights. The format is recognised by the content,",
    "not by the file's name: safetensors (also in several files with an index), PyTorch,",
    "Keras HDF5, NumPy. Says which published network the names and shapes are those of."})
final class InspectCommand implements Callable<Integer> {
    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_FACT = 40;
    private static final int LONGEST_LINE = 120;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The weight file.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Weights weights = Weights.open(TextModelFolder.isWritten(file) ? TextModelFolder.open(file).weights() : file);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(weights).pretty());
        } else {
            print(weights, out);
        }
        return 0;
    }

    private static Json json(Weights weights) throws IOException {
        List<Json> tensors = new ArrayList<>();
        for (TensorInfo info : weights.infos().values()) {
            tensors.add(Json.object().put("name", info.name())
                    .put("dtype", info.dtype().name())
                    .put("shape", Json.integers(info.extents().stream().mapToLong(Long::longValue).toArray()))
                    .put("elements", info.elements())
                    .put("bytes", info.bytes())
                    .build());
        }
        Json.Builder metadata = Json.object();
        weights.metadata().forEach(metadata::put);
        Collection<TensorInfo> infos = weights.infos().values();
        return Json.object().put("file", weights.file().toString())
                .put("format", weights.format())
                .put("architecture", found(weights).<Json>map(found -> new Json.Str(found.architecture().name())).orElse(Json.Null.NULL))
                .put("tensors", Json.array(tensors.toArray(Json[]::new)))
                .put("elements", infos.stream().mapToLong(TensorInfo::elements).sum())
                .put("bytes", infos.stream().mapToLong(TensorInfo::bytes).sum())
                .put("metadata", metadata.build())
                .build();
    }

    private static void print(Weights weights, PrintWriter out) throws IOException {
        Collection<TensorInfo> infos = weights.infos().values();
        int longest = infos.stream().mapToInt(info -> harmless(info.name()).length()).max().orElse(0);
        int widest = infos.stream().mapToInt(info -> info.extents().toString().length()).max().orElse(0);
        String row = "%-" + Math.max(4, longest) + "s  %-" + Math.max(5, widest) + "s  %-8s %,15d %,17d%n";
        if (!infos.isEmpty()) {
            out.printf(Locale.ROOT, row.replace(",15d", "15s").replace(",17d", "17s"), "name", "shape", "dtype", "elements", "bytes");
        }
        Map<String, Long> bytesByType = new TreeMap<>();
        for (TensorInfo info : infos) {
            out.printf(Locale.ROOT, row, harmless(info.name()), info.extents(), info.dtype(), info.elements(), info.bytes());
            bytesByType.merge(info.dtype().name(), info.bytes(), Long::sum);
        }
        long elements = infos.stream().mapToLong(TensorInfo::elements).sum();
        long bytes = infos.stream().mapToLong(TensorInfo::bytes).sum();
        out.printf(Locale.ROOT, "%s: %s, %,d tensors, %,d elements, %,d bytes%s%n", weights.file(), weights.format(), infos.size(),
                elements,
                bytes, bytesByType.isEmpty() ? "" : " in " + String.join(", ", bytesByType.keySet()));
        found(weights).ifPresent(found -> out.println("looks like " + found.architecture().name()));
        Optional<ModelCard> card = ModelCard.in(weights.metadata());
        card.ifPresent(found -> out.println(TextTable.render(table(found))));
        Map<String, String> others = new LinkedHashMap<>(weights.metadata());
        card.ifPresent(found -> others.remove(ModelCard.KEY));
        others.forEach((name, text) -> out.println("metadata " + harmless(name) + ": " + shorter(harmless(text))));
    }

    /// What a card says, but for the settings.
    private static Table table(ModelCard card) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", card.name());
        facts.put("started from", card.source());
        facts.put("learnt from", card.data());
        facts.put("data (SHA-256)", card.dataHash());
        facts.put("weights (SHA-256)", card.weightsHash());
        facts.put("seed", Long.toString(card.seed()));
        facts.put("version", card.version());
        card.metrics().forEach((metric, value) -> facts.put(metric, Double.isNaN(value) ? "none" : Numbers.fixed(value, 4)));
        facts.put("limits", card.limits());
        Table table = new Table("").left("card").left("");
        facts.forEach((fact, text) -> table.row(TextWidth.cut(fact, LONGEST_FACT), TextWidth.cut(text, LONGEST_LINE)));
        return table;
    }

    /// The network in the file; of several none, which is said.
    private static Optional<FoundNetwork> found(Weights weights) throws IOException {
        try {
            Optional<FoundNetwork> found = Architectures.find(weights, null);
            Notes.say(found.map(FoundNetwork::notes).orElse(List.of()).stream().map(InspectCommand::harmless).toList());
            return found;
        } catch (PartException e) {
            Notes.say(List.of(harmless(String.valueOf(e.getMessage()))));
            return Optional.empty();
        }
    }

    /// The text with its control characters spelled out: what a stranger's file says must not steer the terminal.
    private static String harmless(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (type == Character.CONTROL || type == Character.FORMAT || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                clean.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString();
    }

    private static String shorter(String text) {
        return text.length() <= LONGEST_TEXT
                ? text
                : text.substring(0, LONGEST_TEXT) + "… (" + text.length() + " characters, --json shows all)";
    }
}
