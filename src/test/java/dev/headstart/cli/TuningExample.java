package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Small networks and data to fine-tune them on: 40 images, dark and bright ones, and 30 rows of texts of two moods.
///
/// @param folder where they are
record TuningExample(Path folder) {
    /// Nothing.
    static final TuningExample NONE = new TuningExample(Path.of(""));

    private static final int IMAGES = 40;
    private static final int RECORD = 1 + 3 * 32 * 32;

    /// What became of a command.
    record Outcome(int code, String out, String err) {}

    /// Writes all of it.
    static TuningExample in(Path folder) throws IOException {
        SafeTensors.write(folder.resolve("resnet8.safetensors"), CifarResNet.of(8, 10, RandomStream.of(3)).export());
        Files.write(folder.resolve("images.bin"), images(0));
        bert(Files.createDirectories(folder.resolve("bert")), 0.1f);
        Files.write(folder.resolve("rows.csv"), rows());
        return new TuningExample(folder);
    }

    /// CIFAR records of four classes, the higher the brighter.
    static byte[] images(int seed) {
        byte[] records = new byte[IMAGES * RECORD];
        for (int i = 0; i < IMAGES; i++) {
            int label = i % 4;
            records[i * RECORD] = (byte) label;
            RandomStream random = RandomStream.of(seed).child(i);
            for (int j = 1; j < RECORD; j++) {
                records[i * RECORD + j] = (byte) (label * 60 + random.below(40, j));
            }
        }
        return records;
    }

    private static void bert(Path from, float dropout) throws IOException {
        List<String> words = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "day", "night", "##s", "a");
        Files.write(from.resolve("vocab.txt"), words);
        BertConfig config = BertConfig.of(words.size(), 16, 2, 2, 32).withDropout(dropout);
        config.json().write(from.resolve("config.json"));
        SafeTensors.write(from.resolve("model.safetensors"), new BertForMaskedLM(config, RandomStream.of(4)).export());
    }

    private static List<String> rows() {
        List<String> lines = new ArrayList<>(List.of("mood,text"));
        for (int i = 0; i < 30; i++) {
            lines.add((i % 2 == 0 ? "glad," : "sad,") + (i % 3 == 0 ? "a " : "") + (i % 2 == 0 ? "good" : "bad")
                    + (i % 5 < 2 ? " days" : " night"));
        }
        return lines;
    }

    /// Arguments that say what is learnt of the images: which are dark.
    List<Object> images() {
        return List.of("--from", folder.resolve("resnet8.safetensors"), "--data", folder.resolve("images.bin"), "--group",
                "dark=airplane,automobile", "--group", "bright=bird,cat", "--batch", 18);
    }

    /// Arguments that say what is learnt of the texts: their mood.
    List<Object> texts() {
        return List.of("--from", folder.resolve("bert"), "--csv", folder.resolve("rows.csv"), "--text-column", "text", "--label-column",
                "mood", "--batch", 8);
    }

    /// Runs `headstart`; lists among the arguments are written out.
    Outcome headstart(Object... args) {
        List<String> all = new ArrayList<>();
        for (Object arg : args) {
            if (arg instanceof List<?> list) {
                list.forEach(each -> all.add(each.toString()));
            } else {
                all.add(arg.toString());
            }
        }
        all.addAll(List.of("--threads", "2"));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    /// Runs what must succeed.
    Outcome succeeding(Object... args) {
        Outcome outcome = headstart(args);
        assertEquals(0, outcome.code(), outcome.err());
        return outcome;
    }

    /// Runs what must be refused with this sentence.
    void refused(int code, String sentence, Object... args) {
        Outcome outcome = headstart(args);
        assertEquals(code, outcome.code(), outcome.out());
        assertTrue(outcome.err().contains(sentence), outcome.err());
    }

    /// A tensor of the source or of a folder that was written.
    static float[] tensor(Path file, String name) {
        try {
            return Weights.open(file).tensor(name).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
