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

    @Test
    void what_is_left_out_is_counted() throws IOException, URISyntaxException {
        fill();
        put("Bee/y.jfif", "colour.jpg");
        put("Bee/z.JPE", "colour.jpg");
        put("Bee/.ipynb_checkpoints/x-checkpoint.jpg", "turned6.jpg");
        put("ant/._0.png", "grey.png");
        put("ant/deep/.cache/er/1.jpeg", "grey.jpg");
        put("__MACOSX/ant/0.png", "grey.png");
        put("loose.png", "grey.png");
        for (String name : List.of("zebra/c.webp", "zebra/d.BMP", "ant/e.webp", "ant/noending")) {
            Files.writeString(folder.resolve(name), "another format");
        }
        ImageFolder images = ImageFolder.open(folder);
        assertEquals(List.of("Bee", "ant", "zebra"), images.classNames());
        assertEquals(7, images.size());
        assertEquals(List.of(folder + ": left out: 1 .bmp, 1 .txt, 2 .webp, 2 hidden, 2 in hidden folders, 1 in no class's folder,"
                + " 1 without an ending; PNG and JPEG files are read"), images.notes());
        assertEquals(images.notes(), images.asStored().notes());
    }

    @Test
    void a_class_of_other_formats_says_what_is_there() throws IOException {
        Files.createDirectory(folder.resolve("cat"));
        Files.writeString(folder.resolve("cat/a.webp"), "another format");
        DataFileException e = assertThrows(DataFileException.class, () -> ImageFolder.open(folder));
        assertTrue(String.valueOf(e.getMessage()).endsWith("there is no PNG or JPEG file in this class's folder: there are 1 .webp"));
    }

    @Test
    void the_parts_of_a_data_set_are_no_classes() throws IOException, URISyntaxException {
        put("train/cat/a.png", "grey.png");
        put("Val/cat/b.png", "grey.png");
        DataFileException e = assertThrows(DataFileException.class, () -> ImageFolder.open(folder));
        assertTrue(String.valueOf(e.getMessage()).contains("its folders, Val, train, are parts of a data set"));
        assertEquals(List.of("cat"), ImageFolder.open(folder.resolve("train")).classNames());
        put("bus/c.png", "grey.png"); // among other classes, a train is a train
        assertEquals(List.of("Val", "bus", "train"), ImageFolder.open(folder).classNames());
    }

    @Test
    void without_labels_pictures_may_be_anywhere() throws IOException, URISyntaxException {
        put("b.png", "grey.png");
        put("a.jpg", "colour.jpg");
        put("more/of/them/c.png", "grey.png");
        put("more/.trash/d.png", "grey.png");
        ImageFolder images = ImageFolder.unlabelled(folder);
        assertEquals(List.of("a.jpg", "b.png", "more/of/them/c.png"),
                IntStream.range(0, images.size()).mapToObj(i -> folder.relativize(images.file(i)).toString()).toList());
        assertEquals(List.of("", "more"), images.classNames());
        assertEquals(List.of(folder + ": left out: 1 in hidden folders; PNG and JPEG files are read"), images.notes());
    }

    @Test
    void without_labels_folders_of_classes_are_numbered_as_with_them() throws IOException, URISyntaxException {
        fill();
        ImageFolder labelled = ImageFolder.open(folder);
        ImageFolder unlabelled = ImageFolder.unlabelled(folder);
        assertEquals(labelled.classNames(), unlabelled.classNames());
        int[] all = IntStream.range(0, 5).toArray();
        assertArrayEquals(labelled.labels(all), unlabelled.labels(all));
        assertEquals(IntStream.of(all).mapToObj(labelled::file).toList(), IntStream.of(all).mapToObj(unlabelled::file).toList());
    }
}
