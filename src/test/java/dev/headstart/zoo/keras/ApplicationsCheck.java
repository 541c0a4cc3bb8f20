package dev.headstart.zoo.keras;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Weights;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Compares whole models that `applications.py` (beside the fixtures of KerasGoldenTest) wrote with Keras's outputs; run by hand.
final class ApplicationsCheck {
    private ApplicationsCheck() {}

    /// @param args the folder
    public static void main(String[] args) throws IOException {
        List<Path> models;
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            models = files.filter(file -> file.toString().endsWith(".keras")).sorted().toList();
        }
        for (Path file : models) {
            Weights weights = Weights.open(file);
            KerasModel model = KerasModel.of(KerasModel.configuration(weights).orElseThrow(), RandomStream.of(1));
            model.load(weights);
            String name = file.toString().replace(".keras", "");
            Tensor x = read(name + ".x.npy");
            Tensor wanted = read(name + ".y.npy");
            Tensor found = Mode.inference(() -> model.classScores(Variable.of(x)).softmax().value());
            float difference = found.minus(wanted).abs().max().item();
            System.out.printf("%s: %,d weights, largest difference %.3g of %.3g%n", file.getFileName(), model.parameters().count(),
                    difference, wanted.max().item());
        }
    }

    private static Tensor read(String file) throws IOException {
        return Weights.open(Path.of(file)).tensors().values().iterator().next();
    }
}
