package dev.headstart.task.data;

import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Images that remember in which sizes and colours they were read. Any number of threads may read; what was read twice counts once.
public final class SeenImages implements LabelledImages {
    private final LabelledImages all;
    private final Map<Integer, Extents> seen = new ConcurrentHashMap<>();

    /// Images of which none was read yet.
    public SeenImages(LabelledImages all) {
        this.all = all;
    }

    /// What an image is as it is stored.
    public record Extents(int height, int width, int channels) implements Comparable<Extents> {
        /// Of an image.
        public static Extents of(Image image) {
            return new Extents(image.height(), image.width(), image.channels());
        }

        @Override
        public int compareTo(Extents other) {
            int rows = Integer.compare(height, other.height);
            int columns = Integer.compare(width, other.width);
            return rows != 0 ? rows : columns != 0 ? columns : Integer.compare(channels, other.channels);
        }

        /// `200x150`: columns first, as one says it.
        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    /// How many were read of each kind.
    public Map<Extents, Integer> counts() {
        Map<Extents, Integer> counts = new TreeMap<>();
        seen.values().forEach(extents -> counts.merge(extents, 1, Integer::sum));
        return counts;
    }

    @Override
    public int size() {
        return all.size();
    }

    @Override
    public int label(int example) {
        return all.label(example);
    }

    @Override
    public List<String> classNames() {
        return all.classNames();
    }

    @Override
    public List<String> notes() {
        return all.notes();
    }

    @Override
    public Image image(int example) throws IOException {
        Image image = all.image(example);
        seen.put(example, Extents.of(image));
        return image;
    }

    @Override
    public String toString() {
        return all.toString();
    }
}
