package dev.headstart.cli;

import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.ImageOptions;
import dev.headstart.cli.options.TextOptions;
import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.task.pretrain.ImageObjective;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart pretrain`: masked language modelling on the user's own text, or what can be learnt from the user's own images without labels.
@Command(name = "pretrain", header = "Pre-train on your own text or images, without labels.", description = {
    "Of texts, hides 15 %% of the characters, or of the words of --tokenizer, and learns to",
    "guess them (masked language modelling): a character transformer, or a small BERT.",
    "With --from, a published BERT goes on learning, to get to know your own texts. Of",
    "images, trains what --objective says: a restricted Boltzmann machine, a deep belief",
    "net, an autoencoder (plain, denoising layer by layer, variational), or a dictionary of",
    "patches by k-means.",
    "Writes a model folder for headstart finetune, with report.html, metrics.jsonl and",
    "checkpoints. Run again with the same settings, it goes on where it stopped, with",
    "the same bits as if it never had.", "",
    "  headstart pretrain --text notes.txt --out model",
    "  headstart pretrain --text wiki.txt --tokenizer vocab.txt --out words",
    "  headstart pretrain --from words --csv news.csv --text-column title --out news",
    "  headstart pretrain --objective dbn --data train-images-idx3-ubyte.gz --out net", ""})
final class PretrainCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--objective", paramLabel = "KIND",
            description = {"masked (of texts, the default), rbm, dbn, autoencoder, denoising, vae", "or kmeans (of images)."})
    private Kind objective = Kind.MASKED;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the model.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Option(names = "--steps", paramLabel = "N", description = "Steps to train in all (default: 400, of words 2000).")
    private @Nullable Integer steps;

    @Option(names = "--batch", paramLabel = "N", description = "Texts or images of a step (default: 32, of images 100).")
    private @Nullable Integer givenBatch;

    @Option(names = "--rate", paramLabel = "X",
            description = "Highest learning rate (default: 0.002, with --from 0.0001; of rbm and dbn 0.05, of\nautoencoders 0.001).")
    private @Nullable Double givenRate;

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery = 100;

    @Option(names = "--restart", description = "Begin anew instead of going on from the checkpoints in DIR.")
    private boolean restart;

    @Mixin
    private final TextOptions texts = new TextOptions();

    @Mixin
    private final ImageOptions images = new ImageOptions();

    /// The values of `--objective`; all but the first are [ImageObjective]s.
    enum Kind {
        MASKED, RBM, DBN, AUTOENCODER, DENOISING, VAE, KMEANS
    }

    @Override
    public Integer call() throws IOException {
        return objective == Kind.MASKED ? callOfTexts() : callOfImages(ImageObjective.valueOf(objective.name()));
    }

    private Integer callOfImages(ImageObjective what) {
        int batch = givenBatch == null ? 100 : givenBatch;
        double rate = givenRate == null ? what.rate() : givenRate;
        Checks checks = new Checks(spec)
                .must(!texts.given(), "--objective " + objective.toString().toLowerCase(Locale.ROOT) + " is of images: "
                        + "give --data instead of --text")
                .atLeast(1, "--batch", batch);
        images.check(what == ImageObjective.KMEANS ? checks : checks.rate("--rate", rate));
        return main.compute(
                () -> new ImagePretraining(what, images, out, restart, batch, rate, main.seed(), Terminal.progress(), SavedRecipe.of(spec),
                        what == ImageObjective.KMEANS ? () -> false : main.stopRequest())
                        .run(spec.commandLine().getOut()));
    }

    private Integer callOfTexts() {
        int batch = givenBatch == null ? 32 : givenBatch;
        double rate = givenRate == null ? texts.rate() : givenRate;
        int total = steps == null ? texts.steps() : steps;
        texts.check(new Checks(spec).atLeast(1, "--steps", total).atLeast(1, "--batch", batch)
                .atLeast(1, "--checkpoint-every", checkpointEvery).rate("--rate", rate));
        return main.compute(() -> new TextPretraining(texts.lesson(out, random()), main.seed(), random(), total, batch, rate, out, restart,
                checkpointEvery, SavedRecipe.of(spec), main.stopRequest()).run(spec.commandLine().getOut(), Terminal.progress()));
    }

    private RandomStream random() {
        return RandomStream.of(main.seed()).child("pretrain");
    }
}
