package dev.headstart.task.pretrain;

import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.report.Numbers;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.util.Locale;

/// Images without labels as rows of pixels, some of them held out.
///
/// @param training `[count, height · width · channels]`, in [0, 1]
/// @param heldOut likewise
/// @param name of the file or folder, and what is in it
/// @param hash SHA-256 of the images
record ImageRows(Tensor training, Tensor heldOut, int height, int width, int channels, String name, String hash) {
    /// The name of the hash among a run's settings.
    static final String DATA = "SHA-256 of the images";

    private static final double HELD_OUT = 0.02;
    private static final int MOST_HELD_OUT = 1000;

    /// Holds some images out: 2 %, at least one, at most 1000.
    ///
    /// @throws IOException when there are fewer than 2, or one cannot be read
    static ImageRows of(LabelledImages all, String name, RandomStream random) throws IOException {
        ChosenImages images = ChosenImages.all(all);
        if (images.size() < 2) {
            throw new IOException("pretrain: there are " + images.size() + " images in " + name
                    + ": at least 2 are needed, one of them to be held out");
        }
        int[] order = random.permutation(images.size());
        int held = Math.clamp(Math.round(HELD_OUT * images.size()), 1, MOST_HELD_OUT);
        Tensor batch = images.batch(order, Preprocessing.UNIT);
        Tensor rows = batch.reshape(batch.dim(0), batch.dim(1) * batch.dim(2) * batch.dim(3));
        return new ImageRows(rows.slice(0, held, batch.dim(0)), rows.slice(0, 0, held), batch.dim(1), batch.dim(2), batch.dim(3),
                name + ": " + images, images.sha256());
    }

    /// Rows as images, `[count, height, width, channels]`.
    Tensor images(Tensor rows) {
        return rows.reshape(rows.dim(0), height, width, channels);
    }

    /// Numbers in a row.
    int pixels() {
        return height * width * channels;
    }

    /// Whether they are grey or RGB.
    boolean canBeShown() {
        return channels == 1 || channels == 3;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s to train on, %s held out, %d by %d pixels, %d channel%s", Numbers.count(training.dim(0)),
                Numbers.count(heldOut.dim(0)), height, width, channels, channels == 1 ? "" : "s");
    }
}
