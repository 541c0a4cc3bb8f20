package dev.headstart.io.data;

/// A picture as bytes: row by row, the channels of a pixel together (HWC).
///
/// @param pixels `height · width · channels` bytes, 0 … 255; not copied and not to be changed
/// @param height rows
/// @param width columns
/// @param channels 1 for grey, 3 for red, green and blue
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Image(byte[] pixels, int height, int width, int channels) {
    public Image {
        if (height < 1 || width < 1 || channels < 1 || (long) height * width * channels != pixels.length) {
            throw new IllegalArgumentException("image: [" + height + ", " + width + ", " + channels + "], " + pixels.length
                    + " bytes: as many bytes as the extents say are needed, at least 1");
        }
    }

    /// One byte, 0 … 255.
    public int at(int row, int column, int channel) {
        return pixels[(row * width + column) * channels + channel] & 0xFF;
    }

    /// This image with 1 or 3 channels. Grey becomes three equal channels; colours become grey as ITU-R 601 weighs them, with the
    /// rounding of PIL: `(19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶`.
    ///
    /// @throws IllegalArgumentException for other numbers of channels
    public Image withChannels(int wanted) {
        if (wanted == channels) {
            return this;
        }
        byte[] changed = new byte[Math.multiplyExact(height * width, wanted)];
        if (channels == 1 && wanted == 3) {
            for (int i = 0; i < changed.length; i++) {
                changed[i] = pixels[i / 3];
            }
        } else if (channels == 3 && wanted == 1) {
            for (int i = 0; i < changed.length; i++) {
                int red = pixels[3 * i] & 0xFF;
                int green = pixels[3 * i + 1] & 0xFF;
                int blue = pixels[3 * i + 2] & 0xFF;
                changed[i] = (byte) ((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16);
            }
        } else {
            throw new IllegalArgumentException("image: " + this + ": cannot be given " + wanted + " channels: only 1 and 3 are exchanged");
        }
        return new Image(changed, height, width, wanted);
    }

    /// The middle of this image, as torchvision's `CenterCrop`: where the rest is odd, half a pixel is rounded to even; where this image is
    /// smaller, black is added.
    public Image centre(int rows, int columns) {
        int top = middle(height, rows);
        int left = middle(width, columns);
        byte[] cut = new byte[rows * columns * channels];
        int from = Math.max(0, left);
        int to = Math.min(width, left + columns);
        for (int y = Math.max(0, top); y < Math.min(height, top + rows); y++) {
            System.arraycopy(pixels, (y * width + from) * channels, cut, ((y - top) * columns + from - left) * channels,
                    (to - from) * channels);
        }
        return new Image(cut, rows, columns, channels);
    }

    /// Where the middle `crop` of `size` begins; negative when the crop is the larger.
    static int middle(int size, int crop) {
        return crop > size ? -((crop - size) / 2) : (int) Math.rint((size - crop) / 2.0);
    }

    /// `[32, 32, 3]`
    @Override
    public String toString() {
        return "[" + height + ", " + width + ", " + channels + "]";
    }
}
