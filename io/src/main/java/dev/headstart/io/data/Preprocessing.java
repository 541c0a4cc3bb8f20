package dev.headstart.io.data;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// What a network sees of an image. In this order: channels, the shorter side resized, the middle cut out, and each byte v of channel c
/// becomes the float `(v / range - mean[c]) / deviation[c]`, each operation rounded to float32: as torchvision's
/// `Resize, CenterCrop, ToTensor, Normalize`, bit by bit. A sample of 16 bits is divided by 257 · range: 65535 becomes what 255 does, and
/// the lower bits stay.
///
/// ```java
/// Preprocessing imageNet = Preprocessing.UNIT.withChannels(3).resized(256, Filter.BILINEAR).cropped(224)
///         .normalised(List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));
/// ```
///
/// @param channels 1 or 3, to which images are brought, or another number, which they must have; 0 leaves them as they are
/// @param shorterSide pixels of the shorter side after resizing, the longer in proportion (rounded down); 0 does not resize
/// @param filter how to resize
/// @param crop pixels of each side of the square cut from the middle; 0 cuts nothing
/// @param range what a byte is divided by: 255, or 1 for bytes as they are
/// @param mean of each channel, after the division; empty for 0
/// @param deviation of each channel; empty for 1
public record Preprocessing(int channels, int shorterSide, Filter filter, int crop, float range, List<Float> mean, List<Float> deviation) {
    /// Bytes become numbers from 0 to 1, and nothing else.
    public static final Preprocessing UNIT = new Preprocessing(0, 0, Filter.BILINEAR, 0, 255, List.of(), List.of());

    public Preprocessing {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        boolean counted = mean.size() == deviation.size() && (mean.isEmpty() || channels == 0 || mean.size() == channels);
        boolean positive = range > 0 && deviation.stream().allMatch(d -> d > 0);
        if (channels < 0 || shorterSide < 0 || crop < 0 || !counted || !positive) {
            throw new IllegalArgumentException("preprocessing: " + channels + " channels, shorter side " + shorterSide + ", crop " + crop
                    + ", range " + range + ", mean " + mean + ", deviation " + deviation
                    + ": channels and sizes are not negative, range and deviations positive, one mean and deviation per channel");
        }
    }

    /// The same with another number of channels, and the same statistics.
    public Preprocessing withChannels(int wanted) {
        return new Preprocessing(wanted, shorterSide, filter, crop, range, mean, deviation);
    }

    /// The same for a network whose first weight was changed for another number of channels: means and deviations become their average for
    /// one channel, else they are repeated in turn.
    ///
    /// @throws IllegalArgumentException when there are fewer channels than 1
    public Preprocessing forChannels(int wanted) {
        if (wanted < 1) {
            throw new IllegalArgumentException("preprocessing: for " + wanted + " channels: at least 1 is needed");
        }
        return wanted == channels
                ? this
                : new Preprocessing(wanted, shorterSide, filter, crop, range, forChannels(mean, wanted), forChannels(deviation, wanted));
    }

    private static List<Float> forChannels(List<Float> statistics, int wanted) {
        if (statistics.isEmpty()) {
            return statistics;
        }
        double average = statistics.stream().mapToDouble(Float::doubleValue).sum() / statistics.size();
        return wanted == 1
                ? List.of((float) average)
                : IntStream.range(0, wanted).mapToObj(c -> statistics.get(c % statistics.size())).toList();
    }

    /// The same with the shorter side resized.
    public Preprocessing resized(int toShorterSide, Filter by) {
        return new Preprocessing(channels, toShorterSide, by, crop, range, mean, deviation);
    }

    /// The same with a square cut from the middle.
    public Preprocessing cropped(int size) {
        return new Preprocessing(channels, shorterSide, filter, size, range, mean, deviation);
    }

    /// The same with other means and deviations, one per channel.
    public Preprocessing normalised(List<Float> means, List<Float> deviations) {
        return new Preprocessing(channels, shorterSide, filter, crop, range, means, deviations);
    }

    /// The image before its bytes become floats: channels, size and crop.
    public Image framed(Image image) {
        Image framed = channels == 0 ? image : image.withChannels(channels);
        int shorter = Math.min(image.height(), image.width());
        if (shorterSide > 0 && shorter != shorterSide) {
            boolean upright = image.width() <= image.height();
            int longer = Math.toIntExact((long) shorterSide * Math.max(image.height(), image.width()) / shorter);
            framed = filter.resize(framed, axis(upright ? longer : shorterSide), axis(upright ? shorterSide : longer));
        }
        return crop == 0 ? framed : framed.centre(crop, crop);
    }

    /// The pixels that the crop leaves of an axis of `size`.
    private Filter.Axis axis(int size) {
        return crop == 0 || crop > size ? new Filter.Axis(size, 0, size) : new Filter.Axis(size, Image.middle(size, crop), crop);
    }

    /// Images of one size as a batch: `[images, height, width, channels]`.
    ///
    /// @throws IllegalArgumentException when their sizes differ after resizing and cropping
    public Tensor of(List<Image> images) {
        return ofFramed(images.stream().map(this::framed).toList());
    }

    /// The batch of images that went through [#framed].
    Tensor ofFramed(List<Image> images) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("preprocessing: a batch of no images: at least 1 is needed");
        }
        Image first = images.getFirst();
        float[][] table = table(first.channels());
        int size = first.height() * first.width() * first.channels();
        float[] values = new float[Math.multiplyExact(size, images.size())];
        for (int n = 0; n < images.size(); n++) {
            Image image = images.get(n);
            if (image.height() != first.height() || image.width() != first.width() || image.channels() != first.channels()) {
                throw new IllegalArgumentException("preprocessing: image " + n + " of the batch is " + image + ", the first is " + first
                        + ": sizes differ: resize and crop them");
            }
            if (image.depth() == 8) {
                eight(image.pixels(), table, values, n * size);
            } else {
                sixteen(image, values, n * size);
            }
        }
        return Tensor.wrap(Shape.of(images.size(), first.height(), first.width(), first.channels()), values);
    }

    private static void eight(byte[] pixels, float[][] table, float[] values, int at) {
        for (int i = 0; i < pixels.length; i += table.length) {
            for (int c = 0; c < table.length; c++) {
                values[at + i + c] = table[c][pixels[i + c] & 0xFF];
            }
        }
    }

    private void sixteen(Image image, float[] values, int at) {
        int channels = image.channels();
        for (int i = 0; i < image.height() * image.width() * channels; i++) {
            float value = image.sample(i) / (257 * range);
            int c = i % channels;
            values[at + i] = mean.isEmpty() ? value : (value - mean.get(c)) / deviation.get(c);
        }
    }

    /// The float of every byte, channel by channel.
    private float[][] table(int count) {
        List<Float> means = mean.isEmpty() ? Collections.nCopies(count, 0f) : mean;
        List<Float> deviations = deviation.isEmpty() ? Collections.nCopies(count, 1f) : deviation;
        if (means.size() != count) {
            throw new IllegalArgumentException(
                    "preprocessing: means of " + means.size() + " channels, images of " + count + ": set the channels");
        }
        float[][] table = new float[count][256];
        for (int c = 0; c < count; c++) {
            for (int v = 0; v < 256; v++) {
                table[c][v] = (v / range - means.get(c)) / deviations.get(c);
            }
        }
        return table;
    }
}
