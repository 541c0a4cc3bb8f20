package dev.headstart.nn.generative;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import org.jspecify.annotations.Nullable;

/// Features from a dictionary of image patches (Coates, Ng and Lee 2011, "An Analysis of Single-Layer Networks in Unsupervised Feature Learning").
///
/// Every patch of an image is brought to mean 0 and variance 1, whitened, and compared with k centroids: its *triangle code* is
/// `f_k = max(0, mean(z) - z_k)`, where z_k is the distance from centroid k; so about half of the codes are 0. The codes are averaged over each quarter
/// of the image. `dev.headstart.train.cluster.PatchDictionary` learns the parameters without labels; as those of any layer they can be transferred,
/// frozen and fine-tuned.
///
/// Parameters: `mean [pixels]`, `whitening [pixels, pixels]` and `centroids [k, pixels]`, where pixels = patch · patch · channels.
public final class PatchCodes implements Layer {
    /// Added to a patch's variance, so that noise in flat ones stays small: 10 for pixels up to 255, as the paper has it.
    private static final float FLAT = 10f / (255 * 255);
    private static final float SMALLEST = 1e-8f;

    private final Parameter mean;
    private final Parameter whitening;
    private final Parameter centroids;
    private final int patch;
    private final int channels;
    private final Scope scope;
    private volatile @Nullable Tensor patches; // made when first needed

    /// A layer over patches of this side.
    ///
    /// @param patch rows and columns of a patch
    /// @param channels of the images
    /// @param mean `[pixels]`
    /// @param whitening `[pixels, pixels]`
    /// @param centroids `[k, pixels]`, of whitened patches
    public PatchCodes(int patch, int channels, Tensor mean, Tensor whitening, Tensor centroids) {
        this(patch, channels, centroids.dim(0), Scope.of(RandomStream.of(0))); // nothing is drawn
        this.mean.take(mean.copy());
        this.whitening.take(whitening.copy());
        this.centroids.take(centroids.copy());
    }

    /// A layer of zeros, which a file's numbers replace.
    ///
    /// @param patch rows and columns of a patch
    /// @param channels of the images
    /// @param centroids their number
    public PatchCodes(int patch, int channels, int centroids, Scope scope) {
        int pixels = patch * patch * channels;
        this.mean = scope.parameter("mean", WeightKind.OTHER, Shape.of(pixels), Initialiser.zeros());
        this.whitening = scope.parameter("whitening", WeightKind.OTHER, Shape.of(pixels, pixels), Initialiser.zeros());
        this.centroids = scope.parameter("centroids", WeightKind.OTHER, Shape.of(centroids, pixels), Initialiser.zeros());
        this.patch = patch;
        this.channels = channels;
        this.scope = scope.ownedBy(this);
    }

    private Tensor patches() {
        Tensor made = patches;
        if (made == null) {
            made = all(patch, channels);
            patches = made;
        }
        return made;
    }

    /// The weight of a convolution whose output channels are the pixels of a patch.
    private static Tensor all(int patch, int channels) {
        int pixels = patch * patch * channels;
        float[] one = new float[pixels * pixels];
        for (int i = 0; i < pixels; i++) {
            one[i * pixels + i] = 1;
        }
        return Tensor.wrap(Shape.of(pixels, patch, patch, channels), one);
    }

    /// The patches of images: `[batch, height, width, channels] → [batch, height - patch + 1, width - patch + 1, pixels]`.
    public static Tensor patches(Tensor images, int patch) {
        return images.conv2d(all(patch, images.dim(3)), null, Conv2dGeometry.DEFAULT);
    }

    /// Patches `[…, pixels]`, each with mean 0 and variance 1.
    public static Variable normalised(Variable patches) {
        int[] dims = patches.shape().dims();
        dims[dims.length - 1] = 1;
        Variable centred = patches.minus(patches.mean(-1).reshape(dims));
        return centred.dividedBy(centred.square().mean(-1).plus(FLAT).sqrt().reshape(dims));
    }

    /// Channels of the images.
    public int channels() {
        return channels;
    }

    /// Features of an image: four for each centroid.
    public int features() {
        return 4 * centroids.shape().dim(0);
    }

    /// `[batch, height, width, channels] → [batch, 4 k]`: upper left, upper right, lower left, lower right
    @Override
    public Variable forward(Variable x) {
        Variable codes = codes(normalised(x.conv2d(Variable.of(patches()), null, Conv2dGeometry.DEFAULT)));
        return codes.adaptiveAvgPool2d(2, 2).reshape(x.shape().dim(0), features());
    }

    /// Triangle codes of normalised patches: `[…, pixels] → […, k]`.
    public Variable codes(Variable normalised) {
        Variable white = normalised.minus(mean).matmul(whitening);
        int[] dims = white.shape().dims();
        dims[dims.length - 1] = 1;
        Variable square = white.square().sum(-1).reshape(dims).plus(centroids.square().sum(1))
                .minus(white.matmul(centroids.transpose(0, 1)).times(2));
        Variable distance = square.relu().plus(SMALLEST).sqrt(); // rounding may leave less than nothing
        return distance.mean(-1).reshape(dims).minus(distance).relu();
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
