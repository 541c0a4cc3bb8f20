package example;

import dev.headstart.images.ImageFolder;
import dev.headstart.images.Pictures;
import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.task.FineTune;
import dev.headstart.task.ImageClassification;
import dev.headstart.task.Predict;
import dev.headstart.task.StoppedException;
import dev.headstart.task.TextClassification;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.report.ModelCard;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Workers;
import dev.headstart.train.TrainingListener;
import dev.headstart.zoo.own.TextEncoder;
import dev.headstart.zoo.vision.CifarResNet;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// Headstart in a program of one's own: fine-tunes on pictures and on texts, predicts, stops a run and resumes it, and runs two at once.
/// It makes its networks, pictures and texts itself, prints a line for each thing that holds, and exits with 1 at the first that does not.
public final class Embedded {
    private static final String[] SYLLABLES = {"ba", "lo", "mi", "su"};

    private Embedded() {}

    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("embedded");
        try {
            Workers.of(2).call(() -> { // all that is computed inside uses two threads; the bits do not depend on how many there are
                pictures(work.resolve("on-pictures"));
                texts(work.resolve("on-texts"));
                return null;
            });
        } finally {
            delete(work);
        }
    }

    /// A network for pictures is fine-tuned on a folder of them: each folder in it is a class.
    private static void pictures(Path work) throws Exception {
        Path published = Files.createDirectories(work).resolve("resnet8.safetensors");
        SafeTensors.write(published, CifarResNet.of(8, 10, RandomStream.of(1)).export());
        Path pictures = draw(work.resolve("pictures"), 10);
        Path others = draw(work.resolve("others"), 4);
        Path mine = work.resolve("mine");

        Pretrained resnet = Pretrained.open(published);
        FineTune run = FineTune.of(resnet, ImageClassification.of(ImageFolder.open(pictures))).freeze("layer1.**").batch(8).steps(20);
        FineTune.Result result = run.saveIn(mine).run();
        Predict network = Predict.with(mine);
        String label = network.label(Pictures.read(others.resolve("square/1.png")));

        check(label.equals("square") && network.label(Pictures.read(others.resolve("disc/1.png"))).equals("disc"),
                "pictures: new ones get the right label; accuracy on held-out ones is " + result.accuracy());
        check(Files.readString(mine.resolve("headstart-manifest.json")).contains("\"headstart\": \"0."), "pictures: the folder says by which version");
        stopped("pictures", run, mine, work.resolve("stopped"));
        atOnce("pictures", run, mine, work);
    }

    /// A character model for texts is fine-tuned on rows that are in memory.
    private static void texts(Path work) throws Exception {
        List<String> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 96; i++) {
            boolean even = i % 2 == 0;
            texts.add(SYLLABLES[i / 2 % 4] + SYLLABLES[i / 8 % 4] + SYLLABLES[i / 32] + (even ? "a" : "x"));
            labels.add(even ? "vowel" : "consonant");
        }
        CharVocabulary vocabulary = CharVocabulary.of(texts, 30);
        TextEncoder.Config sizes = new TextEncoder.Config(vocabulary.size(), 16, 16, 2, 2, 32, 0.1f);
        Path pretrained = work.resolve("pretrained");
        new TextModelFolder(pretrained, sizes, vocabulary, List.of()).saveEncoder(new TextEncoder(sizes, RandomStream.of(1)));
        Path mine = work.resolve("mine");

        FineTune run = FineTune.of(Pretrained.open(pretrained), TextClassification.of(LabelledTexts.of("endings", texts, labels)))
                .batch(16).steps(40).rate(0.01);
        FineTune.Result result = run.saveIn(mine).run();
        Predict network = Predict.with(mine);

        check(network.label("bamisua").equals("vowel") && network.label("bamisux").equals("consonant"),
                "texts: new ones get the right label; accuracy on held-out ones is " + result.accuracy());
        stopped("texts", run, mine, work.resolve("stopped"));
        atOnce("texts", run, mine, work);
    }

    /// A run that was asked to stop is resumed by running it again, with the bits of one that was not.
    private static void stopped(String what, FineTune run, Path whole, Path folder) throws IOException {
        AtomicInteger steps = new AtomicInteger();
        TrainingListener counting = new TrainingListener() {
            @Override
            public void stepped(int examples, double loss) {
                steps.incrementAndGet();
            }
        };
        try {
            run.listener(counting).stopWhen(() -> steps.get() == 7).saveIn(folder).run();
            throw new IllegalStateException(what + ": a run that was asked to stop did not");
        } catch (StoppedException e) {
            check(e.step() == 7, what + ": " + e.getMessage());
        }
        run.saveIn(folder).run();
        check(bits(folder).equals(bits(whole)), what + ": the resumed run has the bits of one that was not stopped");
    }

    /// Two runs at once from one network have the bits that each has alone.
    ///
    /// @param first the folder of the run with the usual seed, alone
    private static void atOnce(String what, FineTune run, Path first, Path work) throws Exception {
        Path second = work.resolve("second");
        run.seed(2).saveIn(second).run();
        Path firstBeside = work.resolve("first-beside");
        Path secondBeside = work.resolve("second-beside");
        List<Callable<FineTune.Result>> both = List.of(run.saveIn(firstBeside)::run, run.seed(2).saveIn(secondBeside)::run);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<FineTune.Result> each : threads.invokeAll(both)) {
                each.get();
            }
        }
        check(bits(firstBeside).equals(bits(first)) && bits(secondBeside).equals(bits(second)) && !bits(first).equals(bits(second)),
                what + ": two runs at once from one network have the bits that each has alone");
        ModelCard card = ModelCard.in(Weights.open(weights(first)).metadata()).orElseThrow();
        System.out.println(what + ": SHA-256 of the weights is " + card.weightsHash());
    }

    /// SHA-256 of the file with the weights in a model's folder.
    private static String bits(Path folder) throws IOException {
        return Hashes.sha256(weights(folder));
    }

    private static Path weights(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".safetensors")).findFirst().orElseThrow();
        }
    }

    /// A folder with a folder of pictures of discs and one of squares, of many places and sizes.
    private static Path draw(Path folder, int each) throws IOException {
        for (String name : List.of("disc", "square")) {
            Files.createDirectories(folder.resolve(name));
            for (int i = 0; i < each; i++) {
                BufferedImage picture = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
                Graphics2D pen = picture.createGraphics();
                int size = 8 + i % 3;
                pen.setColor(name.equals("disc") ? Color.ORANGE : Color.BLUE);
                if (name.equals("disc")) {
                    pen.fillOval(i % 6, 1 + i % 5, size, size);
                } else {
                    pen.fillRect(i % 6, 1 + i % 5, size, size);
                }
                pen.dispose();
                ImageIO.write(picture, "png", folder.resolve(name).resolve(i + ".png").toFile());
            }
        }
        return folder;
    }

    private static void check(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalStateException("not so: " + sentence);
        }
        System.out.println(sentence);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
