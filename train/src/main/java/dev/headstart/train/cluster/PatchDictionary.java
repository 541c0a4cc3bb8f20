package dev.headstart.train.cluster;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.generative.PatchCodes;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A dictionary of image patches: random patches are normalised, whitened and clustered (Coates, Ng and Lee 2011).
public final class PatchDictionary {
    private static final double EPSILON = 0.1; // added to variances of normalised patches, as the paper has it
    private static final int PER_IMAGE = 10;

    private PatchDictionary() {}

    /// Learns a dictionary without labels.
    ///
    /// @param images `[count, height, width, channels]`, in [0, 1]
    /// @param patch rows and columns of a patch
    /// @param k centroids
    /// @param count patches to train on
    public static PatchCodes learn(Tensor images, int patch, int k, int count, RandomStream random) {
        Tensor normalised = PatchCodes.normalised(Variable.of(patches(images, patch, count, random.child("patches")))).value();
        Whitening whitening = Whitening.of(normalised, EPSILON);
        KMeans clusters = KMeans.of(whitening.apply(normalised), k, random.child("centroids"));
        return new PatchCodes(patch, images.dim(3), whitening.mean(), whitening.matrix(), clusters.centroids());
    }

    /// Random patches of random images, `[count, pixels]`.
    private static Tensor patches(Tensor images, int patch, int count, RandomStream random) {
        int width = images.size() / images.dim(0);
        Tensor rows = images.reshape(images.dim(0), width);
        List<Tensor> found = new ArrayList<>();
        for (int done = 0; done < count; done += PER_IMAGE) {
            RandomStream own = random.child(done);
            Tensor image = rows.gatherRows(Indices.of(own.below(images.dim(0), 0))).reshape(1, images.dim(1), images.dim(2), images.dim(3));
            Tensor all = PatchCodes.patches(image, patch);
            Tensor flat = all.reshape(all.dim(1) * all.dim(2), all.dim(3));
            int[] places = new int[Math.min(PER_IMAGE, count - done)];
            Arrays.setAll(places, i -> own.below(flat.dim(0), i + 1L));
            found.add(flat.gatherRows(Indices.of(places)));
        }
        return Tensor.concat(0, found.toArray(Tensor[]::new));
    }
}
