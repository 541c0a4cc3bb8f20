package dev.headstart.cli;

import dev.headstart.autograd.Parameters;
import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.options.ImageOptions;
import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.cli.terminal.Progress;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Parts;
import dev.headstart.nn.generative.Corruption;
import dev.headstart.nn.generative.PatchCodes;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.folder.RunFolder;
import dev.headstart.task.pretrain.ImageLesson;
import dev.headstart.task.pretrain.ImageObjective;
import dev.headstart.task.report.Axis;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.LineChart;
import dev.headstart.task.report.ModelCard;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Picture;
import dev.headstart.task.report.RunReport;
import dev.headstart.task.report.Version;
import dev.headstart.task.tuning.ImageNetworks;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.cluster.PatchDictionary;
import dev.headstart.train.objective.EnergyGap;
import dev.headstart.train.objective.LayerWise;
import dev.headstart.train.objective.LayerWise.Lesson;
import dev.headstart.train.objective.Reconstruction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// Pre-training on images without labels, from the file to the report. The folder holds `model.safetensors`, which [dev.headstart.zoo.own.PretrainedEncoder]
/// makes a classifier of: `headstart finetune --from DIR --data …`.
final class ImagePretraining {
    private static final double HELD_BACK = 0.02;
    private static final int MOST_HELD_BACK = 1000;
    private static final int SHOWN = 20;
    private static final int FILTERS = 100;
    private static final int EARLY_EPOCHS = 5;

    private final ImageObjective objective;
    private final ImageOptions options;
    private final Path out;
    private final boolean restart;
    private final int batch;
    private final double rate;
    private final long seed;
    private final RandomStream random;
    private final Progress progress;
    private final SavedRecipe recipe;
    private final BooleanSupplier stop;
    private final List<List<EnergyGap>> gaps = new ArrayList<>();

    /// @param rate the learning rate
    /// @param seed of the random stream, a fact of the run
    /// @param recipe goes into the folder
    /// @param stop whether to stop after a step
    ImagePretraining(ImageObjective objective, ImageOptions options, Path out, boolean restart, int batch, double rate, long seed,
            Progress progress, SavedRecipe recipe, BooleanSupplier stop) {
        this.recipe = recipe;
        this.stop = stop;
        this.objective = objective;
        this.options = options;
        this.out = out;
        this.restart = restart;
        this.batch = batch;
        this.rate = rate;
        this.seed = seed;
        this.random = RandomStream.of(seed).child("pretrain");
        this.progress = progress;
    }

    /// Images, some of them held back.
    ///
    /// @param training `[count, height · width · channels]`, in [0, 1]
    /// @param held likewise
    /// @param name of the file or folder, and what is in it
    /// @param hash SHA-256 of the images
    private record Data(Tensor training, Tensor held, int height, int width, int channels, String name, String hash) {
        Tensor images(Tensor rows) {
            return rows.reshape(rows.dim(0), height, width, channels);
        }

        int pixels() {
            return height * width * channels;
        }
    }

    private Data data() throws IOException {
        ChosenImages images = ChosenImages.all(ImageData.open(options.data(), options.labels()));
        if (images.size() < 2) {
            throw new IOException("pretrain: there are " + images.size() + " images in " + options.data()
                    + ": at least 2 are needed, one of them to be held back");
        }
        int[] order = random.child("held back").permutation(images.size());
        int held = Math.clamp(Math.round(HELD_BACK * images.size()), 1, MOST_HELD_BACK);
        Tensor all = images.batch(order, Preprocessing.UNIT);
        Tensor rows = all.reshape(all.dim(0), all.dim(1) * all.dim(2) * all.dim(3));
        return new Data(rows.slice(0, held, all.dim(0)), rows.slice(0, 0, held), all.dim(1), all.dim(2), all.dim(3),
                options.data().toAbsolutePath().getFileName() + ": " + images, images.sha256());
    }

    /// Trains, writes the folder, tells what came of it.
    void run(PrintWriter print) throws IOException {
        long start = System.nanoTime();
        Data data = data();
        print.println(String.format(Locale.ROOT, "images: %s to learn from, %s held back, %d by %d pixels, %d channel%s",
                Numbers.count(data.training.dim(0)),
                Numbers.count(data.held.dim(0)), data.height, data.width, data.channels, data.channels == 1 ? "" : "s"));
        print.println("model: " + objective.described());
        print.flush();
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IOException(out + ": this is a file, a folder is needed");
        }
        recipe.write(out);
        String headline = objective == ImageObjective.KMEANS ? dictionary(data) : network(data);
        print.println(headline);
        print.println("Model: " + out + ", report: " + out.resolve("report.html") + " ("
                + Numbers.duration((System.nanoTime() - start) * 1e-9) + ")");
        print.flush();
    }

    // ---- networks ----

    private String network(Data data) throws IOException {
        ImageLesson lesson = ImageLesson.of(objective, options.settings(objective, batch), data.pixels(), random.child("weights"));
        Map<String, Object> settings = facts(data);
        List<TrainingResult> results = lesson.layers().train(data.training, layer -> learn(lesson, layer, data.held, settings));
        Tensor shown = data.held.slice(0, 0, Math.min(SHOWN, data.held.dim(0))).copy();
        double explained = Reconstruction.explained(data.held, LayerWise.map(data.held, lesson.reconstruct()));
        save(lesson.model().parameters(), data, settings, Map.of("variance explained", explained));
        String headline = String.format(Locale.ROOT, "%s explains %s of the variance of images it has never seen, after %d epochs%s.",
                capital(objective.described()), Numbers.percent(explained), options.epochs(),
                results.size() == 1 ? "" : " for each of " + results.size() + " layers");
        HtmlReport report = new HtmlReport("Headstart: pre-training without labels").headline(headline);
        report.section("Learning curves").paragraph(
                "Explained is the share of the held-back images' variance that a layer's reconstruction of its own input accounts for.");
        curves(report, results);
        pictures(report, data, lesson, shown);
        report.section("Model").table(RunReport.summary(ModelSummary.of(lesson.model().parameters())));
        settings.put("seconds per step, median", results.stream().map(r -> Numbers.significant(r.secondsPerStep(), 3)).toList());
        report.section("Settings").settings("Settings", settings).write(out.resolve("report.html"));
        return headline;
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /// What must be the same when a run goes on.
    private Map<String, Object> facts(Data data) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("seed", seed);
        settings.put("images", data.name);
        settings.put(ImageNetworks.DATA, data.hash);
        settings.putAll(options.facts(objective));
        if (objective != ImageObjective.KMEANS) {
            settings.put("batch", batch);
            settings.put("rate", rate);
        }
        return settings;
    }

    private TrainingResult learn(ImageLesson lesson, Lesson layer, Tensor held, Map<String, Object> settings) {
        int examples = layer.inputs().dim(0);
        int epoch = (examples + batch - 1) / batch;
        long steps = (long) options.epochs() * epoch;
        RandomStream own = random.child("layer").child(layer.layer());
        Tensor heldInputs = lesson.layers().up(held, layer.layer());
        Tensor some = layer.inputs().slice(0, 0, Math.min(examples, held.dim(0)));
        List<EnergyGap> measured = new ArrayList<>();
        gaps.add(measured);
        try {
            RunFolder run = RunFolder.open(lesson.layers().size() == 1 ? out : out.resolve("layer-" + layer.layer()), settings, restart,
                    progress);
            TrainingResult result = Trainer
                    .of(layer.objective(), layer.parameters(), optimizer(lesson, layer.parameters(), steps), Batches.of(examples, batch,
                            own.child("batches")), own.child("steps"))
                    .named("pretrain layer " + layer.layer()).listener(progress).metrics(run.metrics())
                    .checkpoints(run.checkpoints(), epoch).validate(epoch, "explained", () -> {
                        lesson.gap(layer.layer(), some, heldInputs).ifPresent(measured::add);
                        return explained(lesson, layer, heldInputs);
                    }).stopWhen(stop).run(steps);
            StopRequest.demandDone(result, steps, "pretrain", out);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double explained(ImageLesson lesson, Lesson layer, Tensor inputs) {
        if (!lesson.machines().isEmpty()) {
            return Reconstruction.explained(inputs, lesson.machines().get(layer.layer()).reconstruct(inputs));
        }
        return layer.objective() instanceof Reconstruction one
                ? Reconstruction.explained(inputs, LayerWise.map(inputs, one::reconstruct))
                : Reconstruction.explained(inputs, LayerWise.map(inputs, lesson.reconstruct()));
    }

    /// Machines learn by gradient descent with momentum 0.5, after some epochs 0.9, and decay of weights; all else by Adam.
    private Optimizer optimizer(ImageLesson lesson, Parameters parameters, long steps) {
        Schedule falling = Schedule.linear(0, steps);
        if (lesson.machines().isEmpty()) {
            return Adam.adam(List.of(ParamGroup.of(parameters).rate(rate)), falling, Double.POSITIVE_INFINITY);
        }
        long early = Math.min(steps / 2, EARLY_EPOCHS * steps / options.epochs());
        return Sgd.of(
                List.of(ParamGroup.of(parameters.select("weight")).rate(rate).decay(2e-4),
                        ParamGroup.of(parameters.select("*_bias")).rate(rate)),
                falling, Double.POSITIVE_INFINITY, 0.9, step -> step < early ? 5 / 9.0 : 1, false);
    }

    private void save(Parameters parameters, Data data, Map<String, Object> settings, Map<String, Double> metrics) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> tensors.put(name, parameter.value()));
        Map<String, String> texts = new LinkedHashMap<>();
        settings.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        ModelCard card = new ModelCard(capital(objective.described()) + ", pre-trained", objective.described(), "random", data.name,
                data.hash,
                seed, Version.current(), ModelCard.hash(tensors), texts, metrics,
                "It knows what images like those it learnt from look like, and no labels: fine-tune it first.");
        Map<String, String> metadata = new LinkedHashMap<>(card.metadata());
        metadata.put("objective", objective.toString());
        SafeTensors.write(out.resolve("model.safetensors"), tensors, metadata);
        Files.writeString(out.resolve("README.md"), card.markdown());
    }

    // ---- what there is to see ----

    private void curves(HtmlReport report, List<TrainingResult> results) {
        List<LineChart.Series> losses = new ArrayList<>();
        List<LineChart.Series> explained = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            List<TrainingResult.Point> curve = results.get(i).curve();
            losses.add(new LineChart.Series("layer " + i, curve.stream().map(p -> new LineChart.Point(p.step(), p.loss())).toList()));
            explained.add(new LineChart.Series("layer " + i, curve.stream().map(p -> new LineChart.Point(p.step(), p.metric())).toList()));
        }
        boolean machines = gaps.stream().anyMatch(gap -> !gap.isEmpty());
        report.charts(
                new LineChart(machines ? "Contrastive divergence: data less reconstructions" : "Training loss", Axis.linear("step", ""),
                        Axis.linear(machines ? "free energy" : "loss", "nats"), losses),
                new LineChart("Explained, held-back images", Axis.linear("step", ""), Axis.percent("explained"), explained));
        if (machines) {
            report.paragraph(
                    "Free energy: as long as a machine learns no examples by heart, images it learns from and held-back ones have the same.")
                    .charts(IntStream.range(0, gaps.size()).filter(i -> !gaps.get(i).isEmpty()).mapToObj(this::energies).toList());
        }
    }

    private LineChart energies(int layer) {
        List<EnergyGap> measured = gaps.get(layer);
        List<LineChart.Point> training = new ArrayList<>();
        List<LineChart.Point> held = new ArrayList<>();
        for (int i = 0; i < measured.size(); i++) {
            training.add(new LineChart.Point(i + 1, measured.get(i).training()));
            held.add(new LineChart.Point(i + 1, measured.get(i).heldOut()));
        }
        return new LineChart("Mean free energy, layer " + layer, Axis.linear("epoch of this run", ""), Axis.linear("free energy", "nats"),
                List.of(new LineChart.Series("images it learns from", training), new LineChart.Series("held-back images", held)));
    }

    private void pictures(HtmlReport report, Data data, ImageLesson lesson, Tensor shown) {
        if (data.channels != 1 && data.channels != 3) {
            return;
        }
        Tensor filters = lesson.filters();
        report.section("Pictures").pictures(
                Picture.filters("Filters of the first layer", data.images(filters.slice(0, 0, Math.min(FILTERS, filters.dim(0))).copy()),
                        10,
                        scale(data)));
        List<Tensor> rows = new ArrayList<>(List.of(shown));
        Tensor seen = lesson.corruption().apply(shown, random.child("shown"));
        if (!(lesson.corruption() instanceof Corruption.None)) {
            rows.add(seen);
        }
        rows.add(LayerWise.map(seen, lesson.reconstruct()));
        report.pictures(Picture.tiles(rows.size() == 2
                ? "Held-back images, and below them what the model makes of them"
                : "Held-back images, what is done to them, and what the model makes of that",
                data.images(Tensor.concat(0, rows.toArray(Tensor[]::new))), shown.dim(0), scale(data)));
        if (lesson.samples() != null) {
            report.pictures(Picture.tiles("Images the model makes up", data.images(lesson.samples().apply(FILTERS)), 10, scale(data)));
        }
    }

    private static int scale(Data data) {
        return Math.max(1, 56 / Math.max(data.height, data.width));
    }

    // ---- k-means ----

    private String dictionary(Data data) throws IOException {
        if (options.patch() > Math.min(data.height, data.width) || (data.channels != 1 && data.channels != 3)) {
            throw new IOException("pretrain: --patch is " + options.patch() + ", the images are [" + data.height + ", " + data.width + ", "
                    + data.channels + "]: patches must fit into images of 1 or 3 channels");
        }
        PatchCodes codes = PatchDictionary.learn(data.images(data.training), options.patch(), options.clusters(), options.patches(),
                random.child("dictionary"));
        Parameters parameters = Parts.none().with("encoder", codes).parameters();
        Map<String, Object> settings = facts(data);
        save(parameters, data, settings, Map.of());
        Tensor centroids = parameters.get("encoder.centroids").value();
        String headline = String.format(Locale.ROOT,
                "A dictionary of %d patches of %d by %d pixels, from %s patches of images; %d features of an image.",
                options.clusters(), options.patch(), options.patch(), Numbers.count(options.patches()), codes.features());
        HtmlReport report = new HtmlReport("Headstart: pre-training without labels").headline(headline);
        report.section("Pictures").pictures(Picture.filters("Whitened patches, the centroids", centroids.reshape(
                Shape.of(options.clusters(), options.patch(), options.patch(), data.channels)), 10, 8));
        report.section("Model").table(RunReport.summary(ModelSummary.of(parameters)));
        report.section("Settings").settings("Settings", settings).write(out.resolve("report.html"));
        return headline;
    }
}
