package dev.headstart.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.Shared;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Images;
import dev.headstart.nn.loss.Losses;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.vision.MnistCnn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Files that people have give the numbers that were published with them.
@Tag("shared")
class PublishedWeightsTest {
    private static final int BATCH = 100;

    private record Score(int right, double loss) {}

    private static Published loaded(Path file) throws IOException {
        Weights weights = Weights.open(file);
        Published model = Architectures.of(weights).orElseThrow().build(RandomStream.of(1));
        model.load(weights);
        return model;
    }

    /// Right answers and mean cross-entropy over the first `count` images.
    private static Score score(ImageClassifier model, Images images, int count) throws IOException {
        int right = 0;
        double loss = 0;
        for (int from = 0; from < count; from += BATCH) {
            int[] examples = IntStream.range(from, Math.min(count, from + BATCH)).toArray();
            Tensor batch = images.batch(examples, model.preprocessing());
            Tensor logits = Mode.inference(() -> model.forward(Variable.of(batch))).value();
            Indices labels = Indices.of(images.labels(examples));
            Indices answers = logits.argmax();
            right += (int) IntStream.range(0, examples.length).filter(i -> answers.at(i) == labels.at(i)).count();
            loss += Losses.crossEntropy(Variable.of(logits), labels).value().item() * examples.length;
        }
        return new Score(right, loss / count);
    }

    @Test
    void resnet20_for_cifar_opened_directly_gives_its_published_numbers() throws IOException {
        Optional<Path> file = Shared.find("data/weights/resnet20-12fca82f.th");
        Optional<Path> images = Shared.find("data/cifar10/test_1000.bin.gz");
        if (file.isEmpty() || images.isEmpty()) {
            return;
        }
        assertEquals("ResNet-20 for CIFAR, 10 classes", Architectures.of(Weights.open(file.get())).orElseThrow().name());
        Score score = score((ImageClassifier) loaded(file.get()), Images.open(images.get()), 1000);
        assertEquals(915, score.right);
        assertEquals(0.3842, score.loss, 0.0005);
    }

    /// The two files are of two training runs: PyTorch and safetensors' own reader find other numbers in them too.
    @Test
    void the_mnist_network_answers_99_percent_from_either_file() throws IOException {
        Optional<Path> images = Shared.find("data/mnist/t10k-images-idx3-ubyte.gz");
        for (Map.Entry<String, Integer> right : Map.of("mnist_cnn.safetensors", 990, "mnist_cnn.pt", 991).entrySet()) {
            Optional<Path> file = Shared.find("data/weights/" + right.getKey());
            if (file.isPresent() && images.isPresent()) {
                Score score = score((MnistCnn) loaded(file.get()), Images.open(images.get()), 1000);
                assertEquals(right.getValue(), score.right, right.getKey());
            }
        }
    }
}
