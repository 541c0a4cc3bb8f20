package dev.headstart.io.data;

/// A picture as bytes: row by row, the channels of a pixel together (HWC). A sample, one channel of one pixel, is one byte, 0 … 255, or two
/// bytes, the upper first, 0 … 65535: medical and scientific pictures in grey have 16 bits, and their lower bits count.
///
/// @param pixels `height · width · channels · depth / 8` bytes; not copied and not to be changed
/// @param height rows
/// @param width columns
/// @param channels 1 for grey, 3 for red, green and blue
/// @param depth bits of a sample, 8 or 16
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Image(byte[] pixels, int height, int width, int channels, int depth) {
    public Image {
        if (depth != 8 && depth != 16) {
            throw new IllegalArgumentException("image: samples of " + depth + " bits: 8 or 16 are needed");
        }
        if (height < 1 || width < 1 || channels < 1 || (long) height * width * channels * (depth / 8) != pixels.length) {
            throw new IllegalArgumentException("image: [" + height + ", " + width + ", " + channels + "] of " + depth + " bits, "
                    + pixels.length + " bytes: as many bytes as the extents say are needed, at least 1");
        }
    }

    /// A picture of 8 bits a sample.
    public Image(byte[] pixels, int height, int width, int channels) {
        this(pixels, height, width, channels, 8);
    }

    /// Bytes of one pixel.
    public int pixelBytes() {
        return channels * (depth / 8);
    }

    /// The greatest value of a sample: 255 or 65535.
    public int most() {
        return (1 << depth) - 1;
    }

    /// One sample, 0 … [#most].
    public int at(int row, int column, int channel) {
        return sample((row * width + column) * channels + channel);
    }

    /// One sample by its number, as they lie in [#pixels].
    int sample(int index) {
        return depth == 8 ? pixels[index] & 0xFF : ((pixels[2 * index] & 0xFF) << 8) | (pixels[2 * index + 1] & 0xFF);
    }

    /// Writes a sample into the bytes of a picture of this depth.
    void put(byte[] bytes, int index, int value) {
        if (depth == 8) {
            bytes[index] = (byte) value;
        } else {
            bytes[2 * index] = (byte) (value >> 8);
            bytes[2 * index + 1] = (byte) value;
        }
    }

    /// A picture of this depth with other bytes.
    Image like(byte[] bytes, int rows, int columns) {
        return new Image(bytes, rows, columns, channels, depth);
    }

    /// This image with 1 or 3 channels. Grey becomes three equal channels; colours become grey as ITU-R 601 weighs them, with the
    /// rounding of PIL: `(19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶`.
    ///
    /// @throws IllegalArgumentException for other numbers of channels
    public Image withChannels(int wanted) {
        if (wanted == channels) {
            return this;
        }
        if (Math.max(wanted, channels) != 3 || Math.min(wanted, channels) != 1) {
            throw new IllegalArgumentException("image: " + this + ": cannot be given " + wanted + " channels: only 1 and 3 are exchanged");
        }
        byte[] changed = new byte[Math.multiplyExact(height * width, wanted * (depth / 8))];
        for (int i = 0; i < height * width; i++) {
            if (wanted == 3) {
                put(changed, 3 * i, sample(i));
                put(changed, 3 * i + 1, sample(i));
                put(changed, 3 * i + 2, sample(i));
            } else {
                put(changed, i, (int) ((19595L * sample(3 * i) + 38470L * sample(3 * i + 1) + 7471L * sample(3 * i + 2) + 0x8000) >> 16));
            }
        }
        return new Image(changed, height, width, wanted, depth);
    }

    /// The middle of this image, as torchvision's `CenterCrop`: where the rest is odd, half a pixel is rounded to even; where this image is
    /// smaller, black is added.
    public Image centre(int rows, int columns) {
        int top = middle(height, rows);
        int left = middle(width, columns);
        int size = pixelBytes();
        byte[] cut = new byte[rows * columns * size];
        int from = Math.max(0, left);
        int to = Math.min(width, left + columns);
        for (int y = Math.max(0, top); y < Math.min(height, top + rows); y++) {
            System.arraycopy(pixels, (y * width + from) * size, cut, ((y - top) * columns + from - left) * size, (to - from) * size);
        }
        return like(cut, rows, columns);
    }

    /// Where the middle `crop` of `size` begins; negative when the crop is the larger.
    static int middle(int size, int crop) {
        return crop > size ? -((crop - size) / 2) : (int) Math.rint((size - crop) / 2.0);
    }

    /// `[32, 32, 3]`; of 16 bits `[32, 32, 1] of 16 bits`
    @Override
    public String toString() {
        return "[" + height + ", " + width + ", " + channels + "]" + (depth == 8 ? "" : " of " + depth + " bits");
    }
}
