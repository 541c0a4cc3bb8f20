package dev.headstart.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.data.DataFileException;
import dev.headstart.io.data.Filter;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    private static final Preprocessing SMALL = Preprocessing.UNIT.withChannels(3).resized(8, Filter.BILINEAR).cropped(8);

    @TempDir
    Path folder;

    private void put(String name, String picture) throws IOException, URISyntaxException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.copy(Path.of(Objects.requireNonNull(ImageFolderTest.class.getResource("/images/" + picture)).toURI()), file);
    }

    private void fill() throws IOException, URISyntaxException {
        put("zebra/b.png", "colour.png");
        put("zebra/a.JPG", "colour.jpg");
        put("ant/deep/er/1.jpeg", "grey.jpg");
        put("ant/0.png", "grey.png");
        put("Bee/x.jpg", "turned6.jpg");
        Files.writeString(folder.resolve("ant/notes.txt"), "no picture");
        Files.writeString(folder.resolve("zebra/.hidden.png"), "no picture");
        Files.writeString(folder.resolve("README.md"), "no class");
        Files.createDirectory(folder.resolve(".git"));
    }

    @Test
    void classes_and_pictures_are_in_the_order_of_their_names() throws IOException, URISyntaxException {
        fill();
        ImageFolder images = ImageFolder.open(folder);
        assertEquals(List.of("Bee", "ant", "zebra"), images.classNames());
        assertEquals(List.of("Bee/x.jpg", "ant/0.png", "ant/deep/er/1.jpeg", "zebra/a.JPG", "zebra/b.png"),
                IntStream.range(0, images.size()).mapToObj(i -> folder.relativize(images.file(i)).toString()).toList());
        assertArrayEquals(new int[] {0, 1, 1, 2, 2}, images.labels(IntStream.range(0, 5).toArray()));
        assertThrows(IndexOutOfBoundsException.class, () -> images.label(5));
    }

    @Test
    void a_batch_is_the_same_with_any_number_of_workers() throws IOException, URISyntaxException {
        fill();
        ImageFolder images = ImageFolder.open(folder);
        int[] examples = {4, 0, 1, 2, 3, 0};
        Tensor alone = images.batch(examples, SMALL);
        assertEquals(Shape.of(6, 8, 8, 3), alone.shape());
        Tensor together = Workers.of(3).call(() -> {
            try {
                return images.batch(examples, SMALL);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(alone.bitsEqual(together));
        assertTrue(alone.slice(0, 1, 2).bitsEqual(alone.slice(0, 5, 6)));
    }

    @Test
    void pictures_are_upright_or_as_stored() throws IOException, URISyntaxException {
        fill();
        ImageFolder images = ImageFolder.open(folder);
        assertEquals("[19, 13, 3]", images.image(0).toString());
        assertEquals("[13, 19, 3]", images.asStored().image(0).toString());
    }

    @Test
    void no_picture_is_read_before_it_is_asked_for_and_a_damaged_one_is_named() throws IOException, URISyntaxException {
        fill();
        Path damaged = Files.writeString(folder.resolve("Bee/y.png"), "not a picture");
        ImageFolder images = ImageFolder.open(folder);
        assertEquals(6, images.size());
        DataFileException e = assertThrows(DataFileException.class, () -> images.batch(new int[] {0, 1, 2}, SMALL));
        assertEquals(damaged + ": byte 0: neither PNG nor JPEG: it begins with neither's signature", e.getMessage());
    }

    @Test
    void folders_without_classes_or_pictures_are_refused() throws IOException {
        assertThrows(DataFileException.class, () -> ImageFolder.open(folder));
        Files.createDirectory(folder.resolve("empty"));
        DataFileException e = assertThrows(DataFileException.class, () -> ImageFolder.open(folder));
        assertEquals(folder.resolve("empty").toString(), e.source());
        assertThrows(NoSuchFileException.class, () -> ImageFolder.open(folder.resolve("none")));
        assertThrows(NotDirectoryException.class, () -> ImageFolder.open(Files.createFile(folder.resolve("file"))));
    }
}
