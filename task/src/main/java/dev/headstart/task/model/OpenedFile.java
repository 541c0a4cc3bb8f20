package dev.headstart.task.model;

import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.zoo.Architectures;
import dev.headstart.zoo.FoundNetwork;
import dev.headstart.zoo.keras.KerasModel;
import dev.headstart.zoo.model.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A weight file, and which network is in it.
///
/// @param weights the network's tensors, or all where it is no network known here
/// @param architecture the network; null where it is none that is known
/// @param notes what was left off and left out of the file
record OpenedFile(Weights weights, @Nullable Architecture architecture, List<String> notes) {
    /// Opens a file or a folder of one.
    ///
    /// @param config the configuration, where there is such a file
    /// @param given whether a user gave it
    /// @param part of the file; null for the one that fits
    static OpenedFile open(Path place, Path config, boolean given, @Nullable String part) throws IOException {
        Weights file = Weights.open(place);
        OpenedFile opened = network(file, config, given, part);
        List<String> notes = Stream.concat(passedOver(place, file).stream(), opened.notes.stream()).toList();
        return new OpenedFile(opened.weights, opened.architecture, notes);
    }

    /// What a folder has besides the file that was opened.
    private static List<String> passedOver(Path place, Weights file) {
        boolean safe = file.format().endsWith("safetensors");
        return Stream.of("pytorch_model.bin", "pytorch_model.bin.index.json").filter(other -> safe && Files.exists(place.resolve(other)))
                .map(other -> place + ": " + file.file().getFileName() + " is taken, not " + other).toList();
    }

    private static OpenedFile network(Weights file, Path config, boolean given, @Nullable String part) throws IOException {
        Optional<FoundNetwork> images = Optional.empty();
        if (!given) {
            Optional<Json> within = KerasModel.configuration(file);
            if (within.isPresent()) {
                return keras(file, within.get(), part);
            }
            if (!Files.exists(config)) {
                return of(file, Architectures.find(file, part));
            }
            images = Architectures.findImages(file, part);
        }
        if (images.isPresent()) {
            return of(file, images);
        }
        Optional<Json> keras = keras(config);
        return keras.isPresent() ? keras(file, keras.get(), part) : of(file, Architectures.find(file, part, config));
    }

    private static OpenedFile of(Weights file, Optional<FoundNetwork> found) {
        return found.map(network -> new OpenedFile(network.weights(), network.architecture(), network.notes()))
                .orElseGet(() -> new OpenedFile(file, null, List.of()));
    }

    private static OpenedFile keras(Weights file, Json config, @Nullable String part) throws IOException {
        if (part != null) {
            throw new IOException(file.file() + ": a Keras model has no parts");
        }
        return new OpenedFile(file, KerasModel.architecture(config), List.of());
    }

    /// The configuration, where it is one of Keras.
    private static Optional<Json> keras(Path config) throws IOException {
        try {
            Json json = Json.read(config);
            return json instanceof Json.Obj root && root.find("class_name") != null ? Optional.of(json) : Optional.empty();
        } catch (JsonException e) {
            throw new IOException(config + ": " + e.getMessage(), e);
        }
    }
}
