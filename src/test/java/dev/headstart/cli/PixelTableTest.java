package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.cli.data.ImageData;
import dev.headstart.io.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PixelTableTest {
    @TempDir
    Path folder;

    private LabelledImages images(String content, @Nullable String labelColumn) throws IOException {
        return ImageData.open(Files.writeString(folder.resolve("data.csv"), content), null, labelColumn);
    }

    private String refusal(String content, @Nullable String labelColumn) {
        return String.valueOf(assertThrows(IOException.class, () -> images(content, labelColumn)).getMessage());
    }

    private static void assertTwo(LabelledImages images) throws IOException {
        assertEquals(2, images.size());
        assertArrayEquals(new int[] {2, 1}, images.labels(new int[] {0, 1}));
        assertEquals(List.of("0", "1", "2"), images.classNames());
        assertArrayEquals(new byte[] {10, 20, 30, 40}, images.image(0).pixels());
        assertArrayEquals(new byte[] {50, 60, 70, (byte) 255}, images.image(1).pixels());
    }

    @Test
    void the_header_says_which_column_has_the_labels() throws IOException {
        assertTwo(images("p0,p1,p2,p3,label\n10,20,30,40,2\n50,60,70,255,1\n", null));
        assertTwo(images("label,1x1,1x2,2x1,2x2\n2,10,20,30,40\n1,50,60,70,255\n", null));
        assertTwo(images("0,1,Target,2,3\n10,20,2,30,40\n50,60,1,70,255\n", null));
        assertTwo(images("2,10,20,30,40\n1,50,60,70,255\n", null));
        assertTwo(images("digit,a,b,c,d\n2,10,20,30,40\n1,50,60,70,255\n", null));
    }

    @Test
    void a_column_that_is_given_has_the_labels() throws IOException {
        assertTwo(images("p0,p1,p2,p3,kind\n10,20,30,40,2\n50,60,70,255,1\n", "kind"));
        assertTwo(images("10,20,30,40,2\n50,60,70,255,1\n", "5"));
        assertTrue(refusal("p0,p1,p2,p3,kind\n1,2,3,4,5\n", "kin").endsWith("did you mean 'kind'?"));
    }

    @Test
    void labels_may_be_names() throws IOException {
        LabelledImages images = images("p0;p1;p2;p3;class\n1;2;3;4;dog\n1;2;3;4;cat\n", null);
        assertEquals(List.of("cat", "dog"), images.classNames());
        assertArrayEquals(new int[] {1, 0}, images.labels(IntStream.range(0, 2).toArray()));
    }

    @Test
    void a_header_that_contradicts_is_refused() {
        assertTrue(refusal("pixel0,pixel1,pixel2,pixel3,kind\n1,2,3,4,0\n", null)
                .endsWith(
                        "no column is called as labels are, and the first, 'pixel0', as a pixel is: say which column has the labels (--label-column)"));
        assertTrue(
                refusal("label,class,p0,p1,p2,p3\n1,1,1,2,3,4\n", null).contains("several columns could be the label, 'label', 'class'"));
    }

    @Test
    void a_field_that_is_no_pixel_or_label_is_named() {
        assertTrue(refusal("label,a,b,c,d\n1,2,3,4,256\n", null).endsWith("line 2, column 5: '256' is no whole number from 0 to 255"));
        assertTrue(refusal("label,a,b,c,d\n1,2,3,4,5\n1,2,3,4,5\nx,2,3,4,5\n", null)
                .endsWith("line 4, column 1: 'x' is no whole number from 0, as the other labels are"));
        assertTrue(refusal("label,a,b\n1,2,3\n", null).contains("each with the bytes of a square image"));
        assertTrue(refusal("", null).endsWith("there are no rows in it"));
    }
}
