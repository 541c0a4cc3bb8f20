package dev.headstart.task.model;

import dev.headstart.io.data.Filter;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.data.SeenImages.Extents;
import dev.headstart.task.report.Numbers;
import dev.headstart.zoo.model.ImageClassifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// How images of other sizes and colours are brought to those that a network takes, and the sentence that says so.
public final class ImageFit {
    private static final int SIZES_NAMED = 3;

    private ImageFit() {}

    /// What a network that takes one number of pixels only sees of images; for other networks, what was known before.
    ///
    /// @param own what is known of the network: with a crop, it stays
    /// @param images of which the first is looked at; if the network takes it as it is, that is the size
    /// @throws IOException when images cannot be brought to the network's number of pixels
    public static Preprocessing of(ImageClassifier network, Preprocessing own, LabelledImages images) throws IOException {
        OptionalInt pixels = network.pixels();
        if (pixels.isEmpty() || images.size() == 0) {
            return own;
        }
        return own.crop() > 0 ? checked(network, own) : sized(network, own, images.image(0), pixels.getAsInt());
    }

    private static Preprocessing checked(ImageClassifier network, Preprocessing own) throws IOException {
        int pixels = network.pixels().orElseThrow();
        for (int channels : own.channels() == 0 ? new int[] {1, 3} : new int[] {own.channels()}) {
            if (own.crop() * own.crop() * channels == pixels) {
                return own.channels() == 0 ? own.withChannels(channels) : own;
            }
        }
        throw new IOException("images of " + own.crop() + "x" + own.crop() + ": " + takes(network.architecture(), pixels));
    }

    private static String takes(String architecture, int pixels) {
        for (int channels : new int[] {1, 3}) {
            int side = side(pixels, channels);
            if (side > 0) {
                return "the network, " + architecture + ", takes " + side + "x" + side + (channels == 1 ? " in grey" : " in colour");
            }
        }
        return "the network, " + architecture + ", takes " + pixels + " numbers, which are no square";
    }

    private static Preprocessing sized(ImageClassifier network, Preprocessing own, Image first, int pixels) throws IOException {
        int given = own.channels() == 0 ? first.channels() : own.channels();
        if (first.height() * first.width() * given == pixels) {
            return first.height() == first.width() ? square(own, given, first.width()) : own;
        }
        for (int channels : own.channels() == 0 ? new int[] {1, 3} : new int[] {own.channels()}) {
            int side = side(pixels, channels);
            if (side > 0) {
                return square(own, channels, side);
            }
        }
        throw new IOException("images of " + Extents.of(first) + ": " + takes(network.architecture(), pixels));
    }

    /// The side of a square of so many numbers; 0 where there is none.
    private static int side(int pixels, int channels) {
        int side = (int) Math.round(Math.sqrt((double) pixels / channels));
        return side * side * channels == pixels ? side : 0;
    }

    private static Preprocessing square(Preprocessing own, int channels, int side) {
        return own.withChannels(channels).resized(side, Filter.BILINEAR).cropped(side);
    }

    /// What a network that takes images of any size is to see of those it is trained on, so that others are brought to the same scale: the
    /// size that all have, or the shorter side that most have. Images of one size that are no squares stay as they are.
    public static Preprocessing ofMost(ImageClassifier network, Preprocessing own, Map<Extents, Integer> counts) {
        if (own.crop() > 0 || network.pixels().isPresent() || counts.isEmpty()) {
            return own;
        }
        Map<Integer, Integer> sides = new HashMap<>();
        counts.forEach((extents, count) -> sides.merge(Math.min(extents.height(), extents.width()), count, Integer::sum));
        boolean oneSize = counts.keySet().stream().map(extents -> List.of(extents.height(), extents.width())).distinct().count() == 1;
        Extents first = counts.keySet().iterator().next();
        if (oneSize && first.height() != first.width()) {
            return own;
        }
        int side = sides.entrySet().stream().max(Map.Entry.<Integer, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .orElseThrow().getKey();
        boolean mixed = counts.keySet().stream().map(Extents::channels).distinct().count() > 1;
        return square(own, own.channels() == 0 && mixed ? 3 : own.channels(), side);
    }

    /// The sentence on what is done to images that are not as the network takes them; none when all are. Sizes are not mentioned where a
    /// published network resizes all images.
    ///
    /// @param counts of images by what they are
    public static List<String> notes(ImageClassifier network, Preprocessing preprocessing, Map<Extents, Integer> counts) {
        List<String> parts = new ArrayList<>();
        int side = preprocessing.crop();
        if (side > 0 && network.preprocessing().crop() == 0) {
            Map<String, Integer> others = new HashMap<>();
            counts.forEach((extents, count) -> {
                if (extents.height() != side || extents.width() != side) {
                    others.merge(extents.toString(), count, Integer::sum);
                }
            });
            if (!others.isEmpty()) {
                parts.add(images(total(others)) + " (" + sizes(others) + ") resized to " + side + "x" + side
                        + ", the longer side cut to its middle");
            }
        }
        add(parts, channels(counts, 3, preprocessing.channels() == 1), "in colour made grey (ITU-R 601)");
        add(parts, channels(counts, 1, preprocessing.channels() == 3), "in grey given three equal channels");
        return parts.isEmpty() ? List.of() : List.of(String.join("; ", parts));
    }

    private static void add(List<String> parts, int count, String done) {
        if (count > 0) {
            parts.add(images(count) + " " + done);
        }
    }

    private static int channels(Map<Extents, Integer> counts, int channels, boolean changed) {
        return changed
                ? counts.entrySet().stream().filter(entry -> entry.getKey().channels() == channels).mapToInt(Map.Entry::getValue).sum()
                : 0;
    }

    private static String images(int count) {
        return Numbers.count(count) + (count == 1 ? " image" : " images");
    }

    private static int total(Map<?, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// The sizes that most have: `12 of 200x150, 3 of 640x480, …`.
    private static String sizes(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(SIZES_NAMED).map(entry -> String.format(Locale.ROOT, "%,d of %s", entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", ")) + (counts.size() > SIZES_NAMED ? ", …" : "");
    }
}
