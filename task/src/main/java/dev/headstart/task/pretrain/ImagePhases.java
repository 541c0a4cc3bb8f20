package dev.headstart.task.pretrain;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.SafeTensors;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.task.folder.ImageModelFolder;
import dev.headstart.task.report.Numbers;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.objective.EnergyGap;
import dev.headstart.train.objective.LayerWise;
import dev.headstart.train.objective.LayerWise.Stage;
import dev.headstart.train.objective.Reconstruction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A network for images, trained layer by layer, or as a whole where the objective has one layer only.
final class ImagePhases implements Phases {
    private static final int EARLY_EPOCHS = 5;

    private final ImagePretraining goal;
    private final Pace pace;
    private final ImageRows rows;
    private final RandomStream random;
    private final ImageModel model;
    private final List<List<EnergyGap>> gaps = new ArrayList<>();

    /// @param random of the run
    ImagePhases(ImagePretraining goal, Pace pace, ImageRows rows, RandomStream random) {
        this.goal = goal;
        this.pace = pace;
        this.rows = rows;
        this.random = random;
        this.model = ImageModel.of(goal.objective(), goal.settings(), pace.batch(), rows.pixels(), random.child("weights"));
    }

    @Override
    public String examples() {
        return rows.toString();
    }

    @Override
    public String network() {
        return goal.objective().described();
    }

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("images", rows.name());
        facts.put(ImageRows.DATA, rows.hash());
        facts.putAll(goal.facts(pace));
        facts.put("batch", pace.batch());
        facts.put("rate", pace.rate());
        return facts;
    }

    /// What the card of something that was learnt from images says.
    static Description description(String network, ImageRows rows) {
        return new Description(capital(network) + ", pre-trained", network, "random", rows.name(), rows.hash(),
                "It knows what images like those it was trained on look like, and no labels: fine-tune it first.");
    }

    @Override
    public Description description() {
        return description(network(), rows);
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    @Override
    public Outcome train(Runner runner) throws IOException {
        List<TrainingResult> results = layers(runner);
        double explained = Reconstruction.explained(rows.heldOut(), LayerWise.map(rows.heldOut(), model.reconstruct()));
        String headline = String.format(Locale.ROOT, "%s explains %s of the variance of images it has never seen, after %s%s.",
                capital(network()), Numbers.percent(explained), pace.length(),
                results.size() == 1 ? "" : " for each of " + results.size() + " layers");
        return new Outcome(results, Map.of("variance explained", explained), headline,
                settings -> new ImageReport(rows, model, results, gaps, random.child("shown")).of(headline, settings));
    }

    private List<TrainingResult> layers(Runner runner) throws IOException {
        try {
            return model.layers().train(rows.training(), layer -> {
                try {
                    return runner.run(phase(layer));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Phase phase(Stage layer) {
        int examples = layer.inputs().dim(0);
        int epoch = pace.stepsPerEpoch(examples);
        int steps = pace.total(examples);
        RandomStream own = random.child("layer").child(layer.layer());
        Tensor heldOut = model.layers().up(rows.heldOut(), layer.layer());
        Tensor some = layer.inputs().slice(0, 0, Math.min(examples, rows.heldOut().dim(0)));
        List<EnergyGap> measured = new ArrayList<>();
        gaps.add(measured);
        Trainer trainer = Trainer
                .of(layer.objective(), layer.parameters(), optimizer(layer.parameters(), steps, epoch), Batches.of(examples, pace.batch(),
                        own.child("batches")), own.child("steps"))
                .named("pretrain layer " + layer.layer()).validate(epoch, "explained", () -> {
                    model.gap(layer.layer(), some, heldOut).ifPresent(measured::add);
                    return explained(layer, heldOut);
                });
        return new Phase(model.layers().size() == 1 ? "" : "layer-" + layer.layer(), trainer, steps, epoch);
    }

    private double explained(Stage layer, Tensor inputs) {
        if (!model.machines().isEmpty()) {
            return Reconstruction.explained(inputs, model.machines().get(layer.layer()).reconstruct(inputs));
        }
        return layer.objective() instanceof Reconstruction one
                ? Reconstruction.explained(inputs, LayerWise.map(inputs, one::reconstruct))
                : Reconstruction.explained(inputs, LayerWise.map(inputs, model.reconstruct()));
    }

    /// Machines learn by gradient descent with momentum 0.5, after some epochs 0.9, and decay of weights; all else by Adam.
    private Optimizer optimizer(Parameters parameters, int steps, int epoch) {
        Schedule falling = Schedule.linear(0, steps);
        if (model.machines().isEmpty()) {
            return Adam.adam(List.of(ParamGroup.of(parameters).rate(pace.rate())), falling, Double.POSITIVE_INFINITY);
        }
        long early = Math.min(steps / 2, (long) EARLY_EPOCHS * epoch);
        return Sgd.of(
                List.of(ParamGroup.of(parameters.select("weight")).rate(pace.rate()).decay(2e-4),
                        ParamGroup.of(parameters.select("*_bias")).rate(pace.rate())),
                falling, Double.POSITIVE_INFINITY, 0.9, step -> step < early ? 5 / 9.0 : 1, false);
    }

    @Override
    public Map<String, Tensor> weights() {
        return values(model.model().parameters());
    }

    /// The values of parameters by name.
    static Map<String, Tensor> values(Parameters parameters) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> tensors.put(name, parameter.value()));
        return tensors;
    }

    @Override
    public void save(Path folder, Map<String, String> card) throws IOException {
        save(folder, weights(), goal.objective().toString(), card);
    }

    /// Writes weights with the name of the objective that they are of, by which a classifier's layers are found.
    static void save(Path folder, Map<String, Tensor> weights, String objective, Map<String, String> card) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>(card);
        metadata.put("objective", objective);
        SafeTensors.write(folder.resolve(ImageModelFolder.WEIGHTS), weights, metadata);
    }
}
