package dev.headstart.images;

/// What the channels of a picture's file are.
enum Colours {
    /// One channel.
    GREY(1),
    /// Red, green and blue, perhaps by a palette.
    RGB(3),
    /// Luminance and two chrominances.
    YCC(3),
    /// The four inks, each inverted: 255 is no ink.
    CMYK(4),
    /// Of cyan, magenta and yellow luminance and chrominances; black.
    YCCK(4);

    private final int components;

    Colours(int components) {
        this.components = components;
    }

    /// Channels of the picture that comes of it.
    int channels() {
        return this == GREY ? 1 : 3;
    }

    /// The colours of one pixel become red, green and blue, in the first three places; grey stays.
    ///
    /// @param at where the pixel begins
    void toRgb(int[] row, int at) {
        if (this == YCC || this == YCCK) {
            luminance(row, at);
        }
        if (components == 4) {
            inks(row, at);
        }
    }

    /// Luminance and two chrominances become red, green and blue (JFIF 1.02), in the 16-bit fixed point of libjpeg's `jdcolor.c`.
    private void luminance(int[] row, int at) {
        int half = 1 << 15;
        int y = row[at];
        int blueness = row[at + 1] - 128;
        int redness = row[at + 2] - 128;
        row[at] = sample(y + ((91881 * redness + half) >> 16));
        row[at + 1] = sample(y + ((-22554 * blueness - 46802 * redness + half) >> 16));
        row[at + 2] = sample(y + ((116130 * blueness + half) >> 16));
    }

    /// YCCK's colours are those of inks that are not inverted (libjpeg's `ycck_cmyk_convert`).
    private int sample(int value) {
        int clamped = Math.clamp(value, 0, 255);
        return this == YCCK ? 255 - clamped : clamped;
    }

    /// Inverted inks become red, green and blue as Pillow's `cmyk2rgb` has them: paper without black, less of it what an ink takes.
    private static void inks(int[] row, int at) {
        int light = row[at + 3];
        for (int c = at; c < at + 3; c++) {
            int product = (255 - row[c]) * light + 128;
            row[c] = Math.clamp(light - (((product >> 8) + product) >> 8), 0, 255);
        }
    }
}
