package dev.headstart.task.pretrain;

import dev.headstart.nn.generative.Corruption;
import dev.headstart.task.report.Axis;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.LineChart;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Picture;
import dev.headstart.task.report.RunReport;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.objective.EnergyGap;
import dev.headstart.train.objective.LayerWise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What there is to see of a network for images: curves, filters, reconstructions, samples.
///
/// @param results how each layer was trained
/// @param gaps of free energy, measured while each layer was trained; none where it is no restricted Boltzmann machine
/// @param noise of corrupted images
record ImageReport(ImageRows rows, ImageModel model, List<TrainingResult> results, List<List<EnergyGap>> gaps, RandomStream noise) {
    /// The title of a report on images without labels.
    static final String TITLE = "Headstart: pre-training without labels";

    private static final int SHOWN = 20;
    private static final int FILTERS = 100;

    HtmlReport of(String headline, Map<String, Object> settings) {
        HtmlReport report = new HtmlReport(TITLE).headline(headline);
        report.section("Learning curves").paragraph(
                "Explained is the share of the held-out images' variance that a layer's reconstruction of its own input accounts for.");
        curves(report);
        if (rows.canBeShown()) {
            pictures(report);
        }
        report.section("Model").table(RunReport.summary(ModelSummary.of(model.model().parameters())));
        Map<String, Object> all = new LinkedHashMap<>(settings);
        all.put("seconds per step, median", results.stream().map(r -> Numbers.significant(r.secondsPerStep(), 3)).toList());
        return report.section("Settings").settings("Settings", all);
    }

    private void curves(HtmlReport report) {
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
                new LineChart("Explained, held-out images", Axis.linear("step", ""), Axis.percent("explained"), explained));
        if (machines) {
            report.paragraph(
                    "Free energy: as long as a machine learns no examples by heart, images it is trained on and held-out ones have the same.")
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
                List.of(new LineChart.Series("images it is trained on", training), new LineChart.Series("held-out images", held)));
    }

    private void pictures(HtmlReport report) {
        Tensor shown = rows.heldOut().slice(0, 0, Math.min(SHOWN, rows.heldOut().dim(0))).copy();
        Tensor filters = model.filters();
        report.section("Pictures").pictures(Picture.filters("Filters of the first layer",
                rows.images(filters.slice(0, 0, Math.min(FILTERS, filters.dim(0))).copy()), 10, scale()));
        List<Tensor> lines = new ArrayList<>(List.of(shown));
        Tensor corrupted = model.corruption().apply(shown, noise);
        if (!(model.corruption() instanceof Corruption.None)) {
            lines.add(corrupted);
        }
        lines.add(LayerWise.map(corrupted, model.reconstruct()));
        report.pictures(Picture.tiles(lines.size() == 2
                ? "Held-out images, and below them what the model makes of them"
                : "Held-out images, what is done to them, and what the model makes of that",
                rows.images(Tensor.concat(0, lines.toArray(Tensor[]::new))), shown.dim(0), scale()));
        if (model.samples() != null) {
            report.pictures(Picture.tiles("Images the model makes up", rows.images(model.samples().apply(FILTERS)), 10, scale()));
        }
    }

    private int scale() {
        return Math.max(1, 56 / Math.max(rows.height(), rows.width()));
    }
}
