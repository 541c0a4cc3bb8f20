package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.cli.data.FileKind;
import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.data.TextData;
import dev.headstart.io.SafeTensors;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.own.PretrainedEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// One kind of file given for another.
class FileKindTest {
    @TempDir
    Path folder;

    private Path file(String name, String hex) throws IOException {
        return Files.write(folder.resolve(name), HexFormat.of().parseHex(hex));
    }

    private static String refusal(Executable reading) {
        return String.valueOf(assertThrows(IOException.class, reading).getMessage());
    }

    private static String refusedTable(Path file) {
        return refusal(() -> TextData.csv(file, List.of("text"), "label", true));
    }

    @Test
    void what_is_no_table_is_named() throws IOException {
        String wanted = ", and a table of texts is needed: ";
        Path picture = file("a.csv", "89504e470d0a1a0a");
        assertEquals(picture + ": this is a picture" + wanted
                + "images are given by --data: a folder with a folder of pictures for each class", refusedTable(picture));
        assertTrue(refusedTable(file("b.csv", "ffd8ffe0")).contains("this is a picture" + wanted));
        assertTrue(refusedTable(file("c.pdf", "255044462d312e37")).contains("this is a PDF" + wanted + "write it as CSV"));
        assertTrue(refusedTable(file("d.parquet", "5041523115")).contains("this is Parquet or Arrow" + wanted));
        Path weights = folder.resolve("w.safetensors");
        SafeTensors.write(weights, Map.of("x", Tensor.zeros(Shape.of(2))), Map.of());
        assertTrue(refusedTable(weights).contains("this is a weight file" + wanted + "networks are given by --from"));
        Files.createDirectories(folder.resolve("pictures/cat"));
        Files.copy(picture, folder.resolve("pictures/cat/a.png"));
        assertTrue(refusedTable(folder.resolve("pictures")).contains("this is a folder of pictures" + wanted));
    }

    @Test
    void what_is_no_file_of_images_is_named() throws IOException {
        assertTrue(refusal(() -> ImageData.open(file("a.png", "89504e47"), null))
                .contains("this is a picture, and a file or folder of images"));
        Path network = Files.createDirectory(folder.resolve("network"));
        SafeTensors.write(network.resolve("model.safetensors"), Map.of("x", Tensor.zeros(Shape.of(2))), Map.of());
        assertTrue(refusal(() -> ImageData.open(network, null)).contains("this is the folder of a network"));
        Path texts = Files.writeString(folder.resolve("t.csv"), "text,label\nhello there,a\n");
        assertTrue(refusal(() -> ImageData.open(texts, null)).endsWith("a table of texts needs --text-column and --label-column"));
    }

    @Test
    void what_is_no_network_is_named() throws IOException {
        Path texts = Files.writeString(folder.resolve("t.csv"), "text,label\nhello there,a\n");
        assertTrue(refusal(() -> FileKind.demandNetwork(texts)).contains("this is a table or a text, and a network is needed"));
        assertTrue(refusal(() -> FileKind.demandNetwork(file("a.png", "89504e47"))).contains("this is a picture, and a network"));
    }

    @Test
    void a_network_for_images_does_not_read_texts() throws IOException {
        Path weights = folder.resolve("rbm.safetensors");
        SafeTensors.write(weights, PretrainedEncoder.fullyConnected(RandomStream.of(1), 4, 3).export(), Map.of());
        assertEquals(weights + ": this is a network for images (sigmoid encoder, no head), and texts were given",
                refusal(() -> Pretrained.open(weights).demandTexts()));
    }
}
