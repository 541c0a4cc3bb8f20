package dev.headstart.cli.options;

import dev.headstart.task.FineTune;
import dev.headstart.task.tuning.LossTerms;
import dev.headstart.task.tuning.ScheduleKind;
import dev.headstart.task.tuning.Strategy;
import dev.headstart.task.tuning.TuningSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say what of a network learns, and how.
public final class TuningOptions {
    @Option(names = "--freeze", paramLabel = "PATTERN",
            description = {"Parameters that keep their values, such as 'encoder.embedding.**' or",
                "'encoder.block.[0-1].**'. May be given several times."})
    private List<String> freeze = List.of();

    @Option(names = "--head-only", description = {
        "Only the new head is trained. What it sees of an example is computed once, without",
        "dropout, and used in every epoch; so it is wherever --freeze leaves the head alone."})
    private boolean headOnly;

    @Option(names = "--top", paramLabel = "N", description = "Only the N uppermost levels are trained; the head is one.")
    private @Nullable Integer top;

    @Option(names = "--bias-only", description = "Only biases and the new head are trained (BitFit).")
    private boolean biasOnly;

    @Option(names = "--cache", paramLabel = "DIR", description = {
        "Keep the features of a new head that alone is trained in this folder: later runs with",
        "the same weights, preprocessing and examples begin with it."})
    private @Nullable Path cache;

    @Option(names = "--no-cache", description = "Compute it anew in every epoch. The bits are the same.")
    private boolean noCache;

    @Option(names = "--probe-first", paramLabel = "N", description = "The head is trained alone for N steps, then everything.")
    private @Nullable Integer probeFirst;

    @Option(names = "--gradual", paramLabel = "N", description = "The head is trained first, then one level more every N\nsteps.")
    private @Nullable Integer gradual;

    @Option(names = "--lora", paramLabel = "RANK",
            description = {"Train low-rank changes of a BERT's queries and values, and the head; the rest",
                "stays. They are saved by themselves too, in DIR/lora."})
    private @Nullable Integer lora;

    @Option(names = "--steps", paramLabel = "N", description = "Steps to train at most.")
    private @Nullable Integer steps;

    @Option(names = "--epochs", paramLabel = "N",
            description = "Instead of steps: times through the rows (default: 5, at least 100 steps).")
    private @Nullable Integer epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Examples of a step (default: ${DEFAULT-VALUE}).")
    private int batch = 32;

    @Option(names = "--accumulate", paramLabel = "N", description = {
        "Parts that a batch is computed in, one after the other: the memory of a part",
        "(default: ${DEFAULT-VALUE})."})
    private int accumulate = 1;

    @Option(names = "--rate", paramLabel = "X",
            description = {"Highest learning rate (default: 0.001 for a folder that pretrain wrote,",
                "0.0003 for images; for a BERT of width w 0.00003 (768 / w)², at most 0.0005)."})
    private @Nullable Double rate;

    @Option(names = "--head-rate", paramLabel = "X",
            description = "Highest learning rate of the new head (default: that of the rest, or 0.001).")
    private @Nullable Double headRate;

    @Option(names = "--rate-decay", paramLabel = "X",
            description = {"Each level's rate is this share of the one above it: 0.65 to 0.95, or 0.38",
                "for discriminative fine-tuning (default: all the same)."})
    private @Nullable Double rateDecay;

    @Option(names = "--l2sp", paramLabel = "X", description = "Pull weights back to where they started, as strongly as X.")
    private @Nullable Double l2sp;

    @Option(names = "--patience", paramLabel = "N",
            description = {"Stop after so many measurements in a row without gain; there is one every",
                "tenth of the steps, and it counts when all is trained (default: ${DEFAULT-VALUE})."})
    private int patience = 4;

    @Option(names = "--schedule", paramLabel = "KIND", description = {
        "Schedule of the rate: linear (default: up over a tenth of the steps, down to 0),",
        "cosine, slanted, one-cycle or constant."})
    private ScheduleKind schedule = ScheduleKind.LINEAR;

    @Option(names = "--label-smoothing", paramLabel = "X", description = "Share of each label that is spread over all: 0.1.")
    private @Nullable Double labelSmoothing;

    @Option(names = "--ema", paramLabel = "X", description = {
        "Measure and save a moving average of the weights, X of which is kept in each step:",
        "0.99 for hundreds of steps, 0.999 for thousands."})
    private @Nullable Double ema;

    @Option(names = "--wise-ft", paramLabel = "X", description = {
        "Save weights between the source's (0) and the trained ones (1); a new head is as",
        "trained (WiSE-FT)."})
    private @Nullable Double wiseFt;

    @Option(names = "--ewc", paramLabel = "X",
            description = "Pull weights back as strongly as X times what --old-data needs of each.")
    private @Nullable Double ewc;

    @Option(names = "--rehearse", paramLabel = "N", description = "Add N examples of --old-data to each batch.")
    private @Nullable Integer rehearse;

    @Option(names = "--distill", paramLabel = "X", description = {
        "The answers of the network before fine-tuning are a teacher, with this share of the",
        "loss; the rest is the labels'."})
    private @Nullable Double distill;

    /// Refuses what makes no sense.
    public void check(Checks checks, ExampleOptions examples) {
        checks.atLeast(1, "--steps", steps == null ? 1 : steps).atLeast(1, "--epochs", epochs == null ? 1 : epochs)
                .must(steps == null || epochs == null, "--steps and --epochs exclude each other").atLeast(1, "--batch", batch)
                .atLeast(1, "--patience", patience).atLeast(1, "--probe-first", probeFirst == null ? 1 : probeFirst)
                .atLeast(1, "--gradual", gradual == null ? 1 : gradual).atLeast(1, "--lora", lora == null ? 1 : lora)
                .atLeast(1, "--accumulate", accumulate)
                .must(accumulate <= batch, "--accumulate is " + accumulate + ", --batch is " + batch + ": a part is at least one example")
                .atLeast(1, "--top", top == null ? 1 : top)
                .must(Stream.of(headOnly, biasOnly, top != null, probeFirst != null, gradual != null, lora != null, !freeze.isEmpty())
                        .filter(given -> given).count() <= 1,
                        "--freeze, --head-only, --top, --bias-only, --probe-first, --gradual and --lora exclude each other:"
                                + " each says what learns")
                .must(labelSmoothing == null || (labelSmoothing > 0 && labelSmoothing < 1),
                        "--label-smoothing is " + labelSmoothing + ": it must be above 0 and below 1")
                .must(ema == null || (ema > 0 && ema < 1), "--ema is " + ema + ": it must be above 0 and below 1")
                .must(wiseFt == null || (wiseFt >= 0 && wiseFt <= 1), "--wise-ft is " + wiseFt + ": it must be from 0 to 1")
                .must(wiseFt == null || lora == null,
                        "--wise-ft and --lora exclude each other: what is added to the source is saved by itself")
                .must(ewc == null || (ewc > 0 && Double.isFinite(ewc)), "--ewc is " + ewc + ": it must be above 0")
                .atLeast(1, "--rehearse", rehearse == null ? 1 : rehearse)
                .must(!remembers() || examples.remembers(), "--ewc and --rehearse need --old-data")
                .must(ewc == null || (probeFirst == null && gradual == null && lora == null),
                        "--ewc is for what learns from the start: not with --probe-first, --gradual or --lora")
                .must(distill == null || (distill > 0 && distill <= 1), "--distill is " + distill + ": it must be above 0, at most 1")
                .must(distill == null || (!examples.change() && labelSmoothing == null),
                        "--distill excludes --augment, --mixup and --label-smoothing: the teacher is asked once, of plain examples")
                .must(cache == null || !noCache, "--cache and --no-cache exclude each other")
                .must(lora == null || !examples.areImages(), "--lora is for texts, --data gives images")
                .must(rateDecay == null || (rateDecay > 0 && rateDecay <= 1),
                        "--rate-decay is " + rateDecay + ": it must be above 0, at most 1")
                .must(l2sp == null || (l2sp > 0 && Double.isFinite(l2sp)), "--l2sp is " + l2sp + ": it must be above 0")
                .rate("--rate", rate == null ? 1 : rate).rate("--head-rate", headRate == null ? 1 : headRate);
    }

    /// Whether examples of an old task are learnt from.
    public boolean remembers() {
        return ewc != null || rehearse != null;
    }

    /// Fine-tuning as it was chosen.
    public FineTune applied(FineTune to, ExampleOptions examples) {
        FineTune fineTune = to.strategy(learns()).batch(batch, accumulate).schedule(schedule).patience(patience).average(or(ema, 0))
                .mix(or(wiseFt, 1)).features(new TuningSettings.Cache(!noCache, cache))
                .loss(new LossTerms(or(labelSmoothing, 0), examples.mixup(), or(l2sp, 0), or(ewc, 0), rehearse == null ? 0 : rehearse,
                        or(distill, 0)));
        fineTune = steps == null ? fineTune : fineTune.steps(steps);
        fineTune = epochs == null ? fineTune : fineTune.epochs(epochs);
        fineTune = rate == null ? fineTune : fineTune.rate(rate);
        fineTune = headRate == null ? fineTune : fineTune.headRate(headRate);
        return rateDecay == null ? fineTune : fineTune.rateDecay(rateDecay);
    }

    private static double or(@Nullable Double value, double other) {
        return value == null ? other : value;
    }

    private Strategy learns() {
        return Stream
                .of(headOnly ? new Strategy.Head() : null, biasOnly ? new Strategy.Biases() : null,
                        top == null ? null : new Strategy.Top(top),
                        probeFirst == null ? null : new Strategy.ProbeFirst(probeFirst),
                        gradual == null ? null : new Strategy.Gradual(gradual),
                        lora == null ? null : new Strategy.LowRank(lora), freeze.isEmpty() ? null : new Strategy.AllBut(freeze))
                .<Strategy>mapMulti((way, out) -> {
                    if (way != null) {
                        out.accept(way);
                    }
                }).findFirst().orElseGet(Strategy.Everything::new);
    }
}
