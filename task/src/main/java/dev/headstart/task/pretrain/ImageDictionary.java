package dev.headstart.task.pretrain;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.nn.Parts;
import dev.headstart.nn.generative.PatchCodes;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Picture;
import dev.headstart.task.report.RunReport;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.cluster.PatchDictionary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A dictionary of image patches, found by k-means (Coates, Lee and Ng 2011). It is learnt at once, without steps: number of steps, batch and
/// rate have no effect, there are no checkpoints, and it cannot be stopped.
///
/// @param images all of one size, grey or RGB; labels are not looked at
/// @param name of the images in reports
/// @param clusters patches in the dictionary
/// @param patch rows and columns of a patch
/// @param patches to train on
public record ImageDictionary(LabelledImages images, String name, int clusters, int patch, int patches) implements Pretraining {
    /// What it is, in words.
    private static final String NETWORK = "a dictionary of image patches";

    /// 100 patches of 6 by 6 pixels, from 50,000.
    public static ImageDictionary of(LabelledImages images) {
        return new ImageDictionary(images, "images", 100, 6, 50_000);
    }

    @Override
    public Pace usual() {
        return new Pace(0, 1, 1, 1); // none of it is used
    }

    /// @throws IOException when the patches do not fit into the images
    @Override
    public Phases open(Pace pace, RandomStream random) throws IOException {
        ImageRows rows = ImageRows.of(images, name, random.child("held back"));
        if (patch > Math.min(rows.height(), rows.width()) || !rows.canBeShown()) {
            throw new IOException("pretrain: the patches are " + patch + " by " + patch + " pixels, the images are [" + rows.height() + ", "
                    + rows.width() + ", " + rows.channels() + "]: patches must fit into images of 1 or 3 channels");
        }
        return new Clustering(rows, random);
    }

    /// K-means: no phases.
    private final class Clustering implements Phases {
        private final ImageRows rows;
        private final RandomStream random;
        private @Nullable Parameters parameters;

        Clustering(ImageRows rows, RandomStream random) {
            this.rows = rows;
            this.random = random;
        }

        @Override
        public String examples() {
            return rows.toString();
        }

        @Override
        public String network() {
            return NETWORK;
        }

        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("images", rows.name());
            facts.put(ImageRows.DATA, rows.hash());
            facts.put("objective", "kmeans");
            facts.put("clusters", clusters);
            facts.put("patch", patch);
            facts.put("patches", patches);
            return facts;
        }

        @Override
        public Description description() {
            return ImagePhases.description(NETWORK, rows);
        }

        @Override
        public Outcome train(Runner runner) {
            PatchCodes codes = PatchDictionary.learn(rows.images(rows.training()), patch, clusters, patches, random.child("dictionary"));
            Parameters learnt = Parts.none().with("encoder", codes).parameters();
            parameters = learnt;
            String headline = String.format(Locale.ROOT,
                    "A dictionary of %d patches of %d by %d pixels, from %s patches of images; %d features of an image.", clusters, patch,
                    patch, Numbers.count(patches), codes.features());
            return new Outcome(List.of(), Map.of(), headline, settings -> report(headline, learnt, settings));
        }

        private HtmlReport report(String headline, Parameters learnt, Map<String, Object> settings) {
            HtmlReport report = new HtmlReport(ImageReport.TITLE).headline(headline);
            Tensor centroids = learnt.get("encoder.centroids").value().reshape(Shape.of(clusters, patch, patch, rows.channels()));
            report.section("Pictures").pictures(Picture.filters("Whitened patches, the centroids", centroids, 10, 8));
            report.section("Model").table(RunReport.summary(ModelSummary.of(learnt)));
            return report.section("Settings").settings("Settings", settings);
        }

        @Override
        public Map<String, Tensor> weights() {
            return ImagePhases.values(Objects.requireNonNull(parameters, "train first"));
        }

        @Override
        public void save(Path folder, Map<String, String> card) throws IOException {
            ImagePhases.save(folder, weights(), "KMEANS", card);
        }
    }
}
