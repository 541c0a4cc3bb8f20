package dev.headstart.io.data;

/// Resizing of images as PIL (and so torchvision, on PIL's images) does it: bit by bit the same.
///
/// Along each axis an output pixel is a weighted mean of the input pixels around its centre. When the image gets smaller, the filter is
/// stretched by the scale, so that every input pixel counts (antialias). The weights are normalised in double precision and rounded to
/// multiples of 2⁻²²; sums are exact in 32 bits, rounded to the nearest byte and cut to 0 … 255. Columns first, then rows; the image
/// between is of bytes. Samples of 16 bits are weighted in double precision, and rounded and cut likewise. Source: Pillow,
/// `src/libImaging/Resample.c`.
public enum Filter {
    /// A triangle, 1 pixel to each side.
    BILINEAR(1) {
        @Override
        double at(double x) {
            double d = Math.abs(x);
            return d < 1 ? 1 - d : 0;
        }
    },
    /// Keys's cubic (1981) with a = -½, 2 pixels to each side.
    BICUBIC(2) {
        @Override
        double at(double x) {
            double a = -0.5;
            double d = Math.abs(x);
            if (d < 1) {
                return ((a + 2) * d - (a + 3)) * d * d + 1;
            }
            return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
        }
    };

    private static final int PRECISION = 22;

    private final int support;

    Filter(int support) {
        this.support = support;
    }

    abstract double at(double x);

    /// The image with other extents.
    public Image resize(Image image, int height, int width) {
        return resize(image, new Axis(height, 0, height), new Axis(width, 0, width));
    }

    /// A part of the image with other extents; the rest is not computed.
    Image resize(Image image, Axis rows, Axis columns) {
        if ((long) Math.max(image.height(), rows.count) * columns.count * image.pixelBytes() > Content.LONGEST) {
            throw new IllegalArgumentException("resize: " + image + " to [" + rows.count + ", " + columns.count + ", " + image.channels()
                    + "]: more bytes than one array holds: cut the middle out of it");
        }
        Image wide = columns.isWhole(image.width()) ? image : columns(image, columns);
        return rows.isWhole(image.height()) ? wide : rows(wide, rows);
    }

    /// Which pixels of a resized axis are wanted.
    ///
    /// @param size pixels of the whole axis
    /// @param first the first wanted
    /// @param count how many
    record Axis(int size, int first, int count) {
        boolean isWhole(int before) {
            return size == before && count == size;
        }
    }

    private Image columns(Image x, Axis to) {
        Weights weights = weights(x.width(), to);
        int c = x.channels();
        byte[] out = new byte[x.height() * x.pixelBytes() * to.count];
        for (int row = 0; row < x.height(); row++) {
            for (int column = 0; column < to.count; column++) {
                int at = (row * x.width() + weights.from[column]) * c;
                for (int channel = 0; channel < c; channel++) {
                    x.put(out, (row * to.count + column) * c + channel, weights.mean(x, at + channel, c, column));
                }
            }
        }
        return x.like(out, x.height(), to.count);
    }

    private Image rows(Image x, Axis to) {
        Weights weights = weights(x.height(), to);
        int stride = x.width() * x.channels();
        byte[] out = new byte[x.width() * x.pixelBytes() * to.count];
        for (int row = 0; row < to.count; row++) {
            for (int i = 0; i < stride; i++) {
                x.put(out, row * stride + i, weights.mean(x, weights.from[row] * stride + i, stride, row));
            }
        }
        return x.like(out, to.count, x.width());
    }

    /// What each output pixel of an axis is made of.
    ///
    /// @param from the first input pixel of each
    /// @param parts the weights of that one and those that follow, in units of 2⁻²²
    /// @param exact the same before rounding
    private record Weights(int[] from, int[][] parts, double[][] exact) {
        int mean(Image x, int at, int stride, int output) {
            return x.depth() == 8 ? eight(x.pixels(), at, stride, output) : sixteen(x, at, stride, output);
        }

        private int sixteen(Image x, int at, int stride, int output) {
            double sum = 0;
            int i = at;
            for (double weight : exact[output]) {
                sum += x.sample(i) * weight;
                i += stride;
            }
            return Math.clamp((int) Math.floor(sum + 0.5), 0, x.most());
        }

        private int eight(byte[] pixels, int at, int stride, int output) {
            int sum = 1 << (PRECISION - 1);
            int i = at;
            for (int weight : parts[output]) {
                sum += (pixels[i] & 0xFF) * weight;
                i += stride;
            }
            return Math.clamp(sum >> PRECISION, 0, 255);
        }
    }

    private Weights weights(int in, Axis to) {
        double scale = (double) in / to.size;
        double stretch = Math.max(1, scale);
        double reach = support * stretch;
        int[] from = new int[to.count];
        int[][] parts = new int[to.count][];
        double[][] all = new double[to.count][];
        for (int o = 0; o < to.count; o++) {
            double centre = (to.first + o + 0.5) * scale;
            from[o] = Math.max(0, (int) (centre - reach + 0.5));
            double[] exact = new double[Math.min(in, (int) (centre + reach + 0.5)) - from[o]];
            double total = 0;
            for (int i = 0; i < exact.length; i++) {
                exact[i] = at((i + from[o] - centre + 0.5) * (1 / stretch));
                total += exact[i];
            }
            parts[o] = new int[exact.length];
            all[o] = exact;
            for (int i = 0; i < exact.length; i++) {
                exact[i] = total == 0 ? exact[i] : exact[i] / total;
                double fixed = exact[i] * (1 << PRECISION);
                parts[o][i] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
            }
        }
        return new Weights(from, parts, all);
    }
}
