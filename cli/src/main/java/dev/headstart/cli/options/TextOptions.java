package dev.headstart.cli.options;

import dev.headstart.cli.data.TextData;
import dev.headstart.cli.terminal.Notes;
import dev.headstart.io.Hashes;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.pretrain.Corpus;
import dev.headstart.task.pretrain.MaskedCharacters;
import dev.headstart.task.pretrain.MaskedWords;
import dev.headstart.task.pretrain.Pretraining;
import dev.headstart.task.pretrain.WordVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of `headstart pretrain` for texts without labels.
public final class TextOptions {
    @Option(names = "--text", arity = "1..*", paramLabel = "FILE",
            description = "UTF-8 text files; every line is a text of its own.")
    private List<Path> files = List.of();

    @Option(names = "--csv", paramLabel = "FILE", description = "Or a table of texts, whose labels are not looked at; several times.")
    private List<Path> tables = List.of();

    @Option(names = "--text-column", paramLabel = "COLUMN",
            description = {"Its column of the texts: a name of the header, or a number from 1.",
                "Given several times, the columns are joined by a space."})
    private List<String> columns = List.of();

    @Option(names = "--no-header", description = "Its first row is data; columns are given by number.")
    private boolean noHeader;

    @Option(names = "--tokenizer", paramLabel = "PATH",
            description = {"Train on words instead of characters, as a BERT: with this vocab.txt,",
                "tokenizer.json, or folder of one."})
    private @Nullable Path tokenizer;

    @Option(names = "--from", paramLabel = "PATH",
            description = {"Continue from a published BERT, or with what pretrain wrote with --tokenizer: a",
                "folder or a weight file."})
    private @Nullable Path from;

    @Mixin
    private final PartOption part = new PartOption();

    @Option(names = "--trim-vocabulary",
            description = {"With --tokenizer: the model knows only tokens that are in the texts, and single", "characters."})
    private boolean trim;

    @Option(names = "--whole-words", description = "With --tokenizer or --from: mask all pieces of a word or none.")
    private boolean wholeWords;

    @Option(names = "--length", paramLabel = "N",
            description = "Tokens or characters of a text; longer ones are cut into pieces (default: 128,\nof words 64).")
    private @Nullable Integer length;

    @Option(names = "--width", paramLabel = "N", description = "Length of a token's vector (default: 128).")
    private @Nullable Integer width;

    @Option(names = "--blocks", paramLabel = "N", description = "Transformer blocks (default: 3, of words 2).")
    private @Nullable Integer blocks;

    @Option(names = "--heads", paramLabel = "N", description = "Attention heads; they divide the width (default: 4).")
    private @Nullable Integer heads;

    @Option(names = "--vocabulary", paramLabel = "N",
            description = "Most different characters it knows, the commonest (default: 2000).")
    private @Nullable Integer vocabulary;

    @Option(names = "--dropout", paramLabel = "X",
            description = "Share of values dropped while training (default: 0, with --from as before).")
    private @Nullable Double dropout;

    /// Whether there are texts.
    public boolean given() {
        return !files.isEmpty() || !tables.isEmpty();
    }

    private boolean words() {
        return tokenizer != null || from != null;
    }

    /// Refuses what makes no sense.
    public void check(Checks checks) {
        int across = or(width, 128);
        int ways = or(heads, 4);
        checks.must(given(), "what is to be learnt? Give --text for texts, or --objective and --data for images")
                .must(tables.isEmpty() == columns.isEmpty(), "--csv and --text-column go together")
                .must(!noHeader || !tables.isEmpty(), "--no-header is about --csv")
                .must(from == null || (width == null && blocks == null && heads == null),
                        "--width, --blocks and --heads are those of --from: leave them out")
                .must(from != null || part.given() == null, "--part is about --from")
                .must(words() || !wholeWords, "--whole-words needs --tokenizer or --from: characters are no pieces of words")
                .must(!trim || (tokenizer != null && from == null), "--trim-vocabulary goes with --tokenizer and without --from")
                .must(!words() || vocabulary == null, "--vocabulary is about characters: words are those of the tokenizer")
                .atLeast(words() ? 4 : 2, "--length", or(length, 4)).atLeast(1, "--width", across).atLeast(1, "--blocks", or(blocks, 1))
                .atLeast(1, "--heads", ways).atLeast(1, "--vocabulary", or(vocabulary, 1)).dropout(dropout == null ? 0 : dropout)
                .must(across % ways == 0, "--width is " + across + ", --heads is " + ways + ": heads must divide the width");
    }

    /// The texts, and the network that is trained on them.
    public Pretraining pretraining() throws IOException {
        Corpus corpus = corpus();
        if (!words()) {
            MaskedCharacters.Sizes usual = MaskedCharacters.Sizes.USUAL;
            return MaskedCharacters.of(corpus).sized(new MaskedCharacters.Sizes(or(length, usual.length()), or(width, usual.width()),
                    or(blocks, usual.blocks()), or(heads, usual.heads()), or(vocabulary, usual.characters()),
                    dropout == null ? usual.dropout() : dropout));
        }
        MaskedWords goal = MaskedWords.of(corpus).wholeWords(wholeWords);
        MaskedWords cut = length == null ? goal : goal.length(length);
        if (from != null) {
            return cut.continuing(network(from), new Preparation(false, false, dropout));
        }
        WordVocabulary all = WordVocabulary.open(Objects.requireNonNull(tokenizer));
        Notes.say(Tokenizers.guesses(tokenizer));
        MaskedWords.Sizes usual = MaskedWords.Sizes.USUAL;
        return cut.scratch(trim ? all.trimmedTo(corpus.texts()) : all, new MaskedWords.Sizes(or(width, usual.width()),
                or(blocks, usual.blocks()), or(heads, usual.heads()), dropout == null ? usual.dropout() : dropout));
    }

    private Pretrained network(Path place) throws IOException {
        Pretrained network = part.open(place, null);
        Path config = network.folder().resolve("config.json");
        if (!Files.exists(config)) {
            throw new NoSuchFileException(config.toString());
        }
        Pretrained whole = tokenizer == null ? network : network.withTokenizer(tokenizer);
        Notes.say(Tokenizers.guesses(whole.tokenizerFiles()));
        return whole;
    }

    private Corpus corpus() throws IOException {
        List<Corpus.Source> texts = new ArrayList<>();
        for (Path file : files) {
            texts.add(Corpus.Source.lines(file));
        }
        List<Corpus.Source> rows = new ArrayList<>();
        for (Path table : tables) {
            rows.add(new Corpus.Source(String.valueOf(table.getFileName()), Hashes.sha256(table),
                    TextData.csv(table, columns, !noHeader)));
        }
        return Corpus.of(texts, rows,
                tables.isEmpty() ? Map.of() : Map.of("columns", String.join(" + ", columns) + (noHeader ? ", no header" : "")));
    }

    private static int or(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }
}
