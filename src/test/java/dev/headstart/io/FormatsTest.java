package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.WeightFormat;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.io.zip.ZipArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are something else are called by their name, whatever theirs is; and the formats that are read are told.
class FormatsTest {
    @TempDir
    Path folder;

    private void refuse(String begin, String says) throws IOException {
        byte[] bytes = (begin + " and more of it".repeat(20)).getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("model.safetensors"), bytes);
        WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file));
        assertTrue(Refusals.message(e).startsWith(file + ": byte 0: "), e.getMessage());
        assertTrue(Refusals.message(e).contains(says), e.getMessage());
        assertTrue(Refusals.message(e).contains("the formats read are safetensors, PyTorch"), e.getMessage());
    }

    @Test
    void other_formats_are_named() throws IOException {
        refuse("GGUF\3\0\0\0", "this is a GGUF file, whose weights are packed for llama.cpp: take the original's safetensors, or");
        refuse("\b\7\22\7pytorch\32\0052.1.0",
                "this is an ONNX model, a graph: take the weights it was made of, or in Python: safetensors");
        refuse("\b\12B\4\12\0\20\21", "t in onnx.load('model.safetensors').graph.initializer}");
        refuse("\b\1\22\200\1", "the graph of a TensorFlow SavedModel");
        refuse("\34\0\0\0TFL3", "a TensorFlow Lite model");
        refuse("\u001f\u008b\b", "a gzip file: unpack it first");
        refuse("BZh9", "a bzip2 file");
        refuse("\u00fd7zXZ\0", "an xz file");
        refuse("(\u00b5/\u00fd", "a Zstandard file");
        refuse("\0".repeat(257) + "ustar", "a tar file (PyTorch's first form");
        refuse("\u0080\4\u0095", "a Python pickle, but none that torch.save writes");
        refuse("\u0080\2}q\1.", "a Python pickle");
    }

    @Test
    void what_came_instead_of_the_file_is_named() throws IOException {
        refuse("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "a Git LFS pointer");
        refuse("<!DOCTYPE html>\n<html lang=\"en\">", "an HTML page, perhaps the message of a failed download");
        refuse("\n\n  <HTML><head>", "an HTML page");
        refuse("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", "an XML document");
        refuse("name,label\n", "not a safetensors file");
    }

    @Test
    void checkpoints_of_tensorflow_are_named() throws IOException {
        String end = "W\u00fb\u0080\u008b$uG\u00db";
        for (String name : List.of("bert_model.ckpt.index", "bert_model.ckpt.data-00000-of-00001")) {
            Path file = Files.write(folder.resolve(name), ("\0\0\2" + "x".repeat(90) + end).getBytes(StandardCharsets.ISO_8859_1));
            String message = Refusals.message(WeightFormatException.class, () -> Weights.open(file));
            assertTrue(
                    message.contains("this is a TensorFlow checkpoint") && message.contains("from_pretrained('" + name + "', from_tf=True"),
                    message);
        }
        Files.write(folder.resolve("saved_model.pb"), new byte[] {8, 1, 18});
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(folder)).contains("this is a TensorFlow SavedModel"));
        Files.move(folder.resolve("saved_model.pb"), folder.resolve("tf_model.h5"));
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(folder)).contains("a folder with tf_model.h5 alone"));
    }

    @Test
    void json_that_is_no_index_is_named() throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"BertModel\"]}");
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(file))
                .contains("byte 0: this is JSON without a weight_map"));
    }

    /// Whether a file is one of several formats must not depend on the order in which they are asked.
    @Test
    void every_file_is_recognised_by_exactly_one_format() throws IOException {
        int files = 0;
        try (Stream<Path> fixtures = Files.walk(Fixtures.file("golden.safetensors").getParent())) {
            for (Path file : fixtures.filter(path -> path.toString().matches(".*\\.(safetensors|pt|h5|keras|npy|npz)")).toList()) {
                files++;
                try (Source source = Source.open(Disk.real(), file, Disk.real().demand(file))) {
                    byte[] head = source.head(WeightFormat.HEAD);
                    List<WeightFormat> recognised = Formats.FORMATS.stream().filter(format -> format.recognises(head)).toList();
                    if (ZipArchive.matches(head)) {
                        ZipArchive archive = ZipArchive.read(source);
                        assertEquals(1, Formats.IN_ZIP.stream().filter(format -> format.recognises(archive)).count(), file.toString());
                        assertEquals(List.of(), recognised, file.toString());
                    } else if (!file.endsWith("torch_protocol4.pt")) { // refused as a pickle of another protocol
                        assertEquals(1, recognised.size(), file.toString());
                    }
                }
            }
        }
        assertTrue(files > 30, files + " files");
    }
}
