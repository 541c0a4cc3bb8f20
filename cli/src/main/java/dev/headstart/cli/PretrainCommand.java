package dev.headstart.cli;

import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.ImageOptions;
import dev.headstart.cli.options.TextOptions;
import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.task.PreTrain;
import dev.headstart.task.StoppedException;
import dev.headstart.task.pretrain.ImageObjective;
import dev.headstart.task.report.Numbers;
import java.io.IOException;
import java.io.PrintWriter;
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
    "Of texts, masks 15 %% of the characters, or of the words of --tokenizer, and predicts",
    "them (masked language modelling): a character transformer, or a small BERT.",
    "With --from, a published BERT is pre-trained further, on your own texts. Of images,",
    "trains what --objective says: a restricted Boltzmann machine, a deep belief",
    "net, an autoencoder (plain, denoising layer by layer, variational), or a dictionary of",
    "patches by k-means.",
    "Writes a model folder for headstart finetune, with report.html, metrics.jsonl and",
    "checkpoints. Run again with the same settings, it resumes where it stopped, with the",
    "same bits as if it never had.", "",
    "  headstart pretrain --text notes.txt --out model",
    "  headstart pretrain --text wiki.txt --tokenizer vocab.txt --out words",
    "  headstart pretrain --from words --csv news.csv --text-column title --out news",
    "  headstart pretrain --objective dbn --data train-images-idx3.gz --out net", ""})
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
    private @Nullable Integer batch;

    @Option(names = "--rate", paramLabel = "X",
            description = "Highest learning rate (default: 0.002, with --from 0.0001; of rbm and dbn 0.05, of\nautoencoders 0.001).")
    private @Nullable Double rate;

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery = 100;

    @Option(names = "--restart", description = "Begin anew instead of going on from the checkpoints in DIR.")
    private boolean restart;

    @Mixin
    private final TextOptions texts = new TextOptions();

    @Mixin
    private final ImageOptions images = new ImageOptions();

    /// The values of `--objective`; all but the first are of images.
    enum Kind {
        MASKED, RBM, DBN, AUTOENCODER, DENOISING, VAE, KMEANS
    }

    @Override
    public Integer call() throws IOException {
        boolean ofTexts = objective == Kind.MASKED;
        Checks checks = new Checks(spec).must(ofTexts || !texts.given(),
                "--objective " + objective.toString().toLowerCase(Locale.ROOT) + " is of images: give --data instead of --text");
        if (ofTexts) {
            checks.atLeast(1, "--steps", steps == null ? 1 : steps);
        }
        checks.atLeast(1, "--batch", batch == null ? 1 : batch);
        if (ofTexts) {
            checks.atLeast(1, "--checkpoint-every", checkpointEvery);
        }
        if (objective != Kind.KMEANS) {
            checks.rate("--rate", rate == null ? 1 : rate);
        }
        if (ofTexts) {
            texts.check(checks);
        } else {
            images.check(checks);
        }
        return main.compute(() -> run(ofTexts ? ofTexts() : ofImages(), ofTexts ? "text" : "images"));
    }

    private PreTrain ofTexts() throws IOException {
        PreTrain preTrain = PreTrain.of(texts.pretraining()).checkpointEvery(checkpointEvery);
        return steps == null ? preTrain : preTrain.steps(steps);
    }

    private PreTrain ofImages() throws IOException {
        return objective == Kind.KMEANS
                ? PreTrain.of(images.dictionary())
                : PreTrain.of(images.pretraining(ImageObjective.valueOf(objective.name()))).epochs(images.epochs());
    }

    private PreTrain withBatchAndRate(PreTrain given) {
        PreTrain batched = batch == null ? given : given.batch(batch);
        return rate == null || objective == Kind.KMEANS ? batched : batched.rate(rate);
    }

    private void run(PreTrain given, String noun) throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        long start = System.nanoTime();
        PreTrain.Prepared prepared = withBatchAndRate(given).seed(main.seed()).listener(Terminal.progress()).saveIn(out).restart(restart)
                .whenOpened(this::opened).stopWhen(() -> main.stopRequest().getAsBoolean()).prepare();
        print.println(noun + ": " + prepared.examples());
        print.println("model: " + prepared.network());
        print.flush();
        print.println(result(prepared).headline());
        print.println("Model: " + out + ", report: " + out.resolve("report.html") + " ("
                + Numbers.duration((System.nanoTime() - start) * 1e-9) + ")");
        print.flush();
    }

    private void opened(Path folder) throws IOException {
        SavedRecipe.of(spec).write(folder);
        if (objective != Kind.KMEANS) { // which takes no steps to stop after
            main.stopRequest(); // from now on Ctrl-C is a request
        }
    }

    private static PreTrain.Result result(PreTrain.Prepared prepared) throws IOException {
        try {
            return prepared.run();
        } catch (StoppedException e) {
            throw StopRequest.stopped(e, "pretrain");
        }
    }
}
