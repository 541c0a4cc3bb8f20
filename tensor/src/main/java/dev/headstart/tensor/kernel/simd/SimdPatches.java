package dev.headstart.tensor.kernel.simd;

import java.util.Arrays;

/// The matrix whose rows are the patches of images that a kernel sees, one for each position of a grid: what im2col would write down.
/// It never exists as a whole: parts of it are copied when a block needs them.
///
/// Step (t, c) of position (n, i, j) is channel c of pixel `(i · stepY + dy[t], j · stepX + dx[t])` of image n, or +0 outside. There is
/// such a matrix for each group of as many channels.
final class SimdPatches {
    private final float[] images;
    private final int start;
    private final int height;
    private final int width;
    private final int pixel; // distance of two pixels
    private final int channels; // of a group
    private final int batch;
    private final int gridHeight;
    private final int gridWidth;
    private final int stepY;
    private final int stepX;
    private final int[] dy;
    private final int[] dx;

    SimdPatches(float[] images, int start, int height, int width, int pixel, int channels, int batch, int gridHeight, int gridWidth,
            int stepY, int stepX, int[] dy, int[] dx) {
        this.images = images;
        this.start = start;
        this.height = height;
        this.width = width;
        this.pixel = pixel;
        this.channels = channels;
        this.batch = batch;
        this.gridHeight = gridHeight;
        this.gridWidth = gridWidth;
        this.stepY = stepY;
        this.stepX = stepX;
        this.dy = dy;
        this.dx = dx;
    }

    /// Number of rows.
    int positions() {
        return batch * gridHeight * gridWidth;
    }

    /// Number of columns.
    int steps() {
        return dy.length * channels;
    }

    int gridHeight() {
        return gridHeight;
    }

    int gridWidth() {
        return gridWidth;
    }

    /// Copies some columns of some rows of a group's matrix. What is behind them, as far as rows are apart, may become anything.
    ///
    /// @param to element (position, step) of the part comes to `toStart + position * toStride + step`
    void copy(int group, int position, int count, int step, int steps, float[] to, int toStart, int toStride) {
        int from = start + group * channels;
        int end = step + steps;
        int last;
        for (int tap = step / channels; tap * channels < end; tap = last + 1) {
            last = tap;
            while ((last + 1) * channels < end && pixel == channels && dy[last + 1] == dy[tap] && dx[last + 1] == dx[last] + 1) {
                last++;
            }
            int first = Math.max(step, tap * channels);
            int length = Math.min(end, (last + 1) * channels) - first;
            copyTaps(from, tap, last, first - tap * channels, length, position, count, to, toStart + first - step, toStride,
                    toStride - (first - step));
        }
    }

    /// Copies neighbouring taps, whose pixels are neighbours in memory too, from some channel of the first one on; one line of the grid
    /// after the other.
    ///
    /// @param begin where the group's first pixel is
    /// @param room elements of a row from the first one on: what comes behind these taps is copied later
    private void copyTaps(int begin, int tap, int last, int channel, int length, int position, int count, float[] to, int toStart,
            int toStride, int room) {
        int low = Math.ceilDiv(-dx[tap], stepX); // columns of the grid whose pixels are all inside
        int high = Math.ceilDiv(width - dx[last], stepX);
        int line = position / gridWidth;
        int j = position % gridWidth;
        for (int done = 0, run; done < count; done += run, j = 0, line++) {
            run = Math.min(count - done, gridWidth - j);
            int target = toStart + done * toStride;
            int y = line % gridHeight * stepY + dy[tap];
            if (y < 0 || y >= height) {
                clear(to, target, toStride, run, length);
                continue;
            }
            int from = Math.clamp(low, j, j + run);
            int until = Math.clamp(high, from, j + run);
            int pixels = begin + (line / gridHeight * height + y) * width * pixel + channel;
            int x = j * stepX + dx[tap];
            copyEdge(pixels, x, last - tap, channel, length, from - j, to, target, toStride);
            SimdPacking.copyRuns(images, pixels + (x + (from - j) * stepX) * pixel, stepX * pixel, to, target + (from - j) * toStride,
                    toStride,
                    until - from, length, room);
            copyEdge(pixels, x + (until - j) * stepX, last - tap, channel, length, j + run - until, to, target + (until - j) * toStride,
                    toStride);
        }
    }

    /// Copies taps some of whose pixels are outside: those that are inside are neighbours.
    ///
    /// @param pixels where the line's first pixel would be read
    /// @param x the pixel of the first tap, which may be outside
    /// @param more taps after the first
    private void copyEdge(int pixels, int x, int more, int channel, int length, int count, float[] to, int toStart, int toStride) {
        for (int i = 0; i < count; i++, x += stepX, toStart += toStride) {
            int begin = Math.clamp(-(long) x * channels - channel, 0, length);
            int end = Math.clamp((long) Math.min(more + 1, width - x) * channels - channel, begin, length);
            for (int e = 0; e < begin; e++) {
                to[toStart + e] = 0;
            }
            for (int e = begin; e < end; e++) {
                to[toStart + e] = images[pixels + x * pixel + e];
            }
            for (int e = end; e < length; e++) {
                to[toStart + e] = 0;
            }
        }
    }

    private static void clear(float[] to, int toStart, int toStride, int count, int length) {
        for (int i = 0; i < count; i++) {
            Arrays.fill(to, toStart + i * toStride, toStart + i * toStride + length, 0);
        }
    }
}
