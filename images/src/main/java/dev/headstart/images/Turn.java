package dev.headstart.images;

import dev.headstart.io.data.Image;

/// Turning a picture as the EXIF tag 0x0112, orientation, says (CIPA DC-008): 1 is upright; 2 to 4 are mirrored or turned by half; 5 to 8
/// have rows and columns exchanged.
final class Turn {
    private Turn() {}

    static Image upright(Image image, int orientation) {
        if (orientation < 2 || orientation > 8) {
            return image;
        }
        boolean exchanged = orientation > 4;
        int height = exchanged ? image.width() : image.height();
        int width = exchanged ? image.height() : image.width();
        int size = image.pixelBytes();
        byte[] pixels = new byte[image.pixels().length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int row = switch (orientation) {
                    case 2 -> y;
                    case 3, 4 -> height - 1 - y;
                    case 5, 8 -> x;
                    default -> width - 1 - x;
                };
                int column = switch (orientation) {
                    case 2, 3 -> width - 1 - x;
                    case 4 -> x;
                    case 5, 6 -> y;
                    default -> height - 1 - y;
                };
                System.arraycopy(image.pixels(), (row * image.width() + column) * size, pixels, (y * width + x) * size, size);
            }
        }
        return new Image(pixels, height, width, image.channels(), image.depth());
    }
}
