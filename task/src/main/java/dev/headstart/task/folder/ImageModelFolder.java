package dev.headstart.task.folder;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Filter;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.zoo.model.ImageClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A folder with a fine-tuned network for images: `model.safetensors` under the published names and in the published layouts, and
/// `headstart.json` with what the weights alone do not tell.
///
/// @param folder where
/// @param architecture what the network is called
/// @param classNames of the head
/// @param preprocessing what the network sees of an image
public record ImageModelFolder(Path folder, String architecture, List<String> classNames, Preprocessing preprocessing) {
    /// The file of the weights.
    public static final String WEIGHTS = "model.safetensors";
    private static final String SETTINGS = "headstart.json";
    private static final String FORMAT = "headstart-image-model";

    public ImageModelFolder {
        classNames = List.copyOf(classNames);
    }

    /// What a folder says beside its weights; nothing when it says nothing.
    ///
    /// @throws IOException when what it says cannot be understood
    public static Optional<ImageModelFolder> find(Path folder) throws IOException {
        Path file = folder.resolve(SETTINGS);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (!(Json.read(file) instanceof Json.Obj root) || !root.string("format").equals(FORMAT)) {
                throw new IOException(file + ": it does not describe a network for images (format " + FORMAT + ")");
            }
            Json.Obj p = root.object("preprocessing");
            Preprocessing preprocessing = new Preprocessing((int) p.integer("channels"), (int) p.integer("shorterSide"),
                    Filter.valueOf(p.string("filter").toUpperCase(Locale.ROOT)), (int) p.integer("crop"), (float) p.number("range"),
                    floats(p, "mean"), floats(p, "deviation"));
            List<String> names = new ArrayList<>();
            for (Json name : root.array("classes")) {
                names.add(name instanceof Json.Str(String text) ? text : name.compact());
            }
            return Optional.of(new ImageModelFolder(folder, root.string("architecture"), names, preprocessing));
        } catch (JsonException | IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<Float> floats(Json.Obj object, String name) throws JsonException {
        List<Float> floats = new ArrayList<>();
        for (Json number : object.array(name)) {
            floats.add(Float.parseFloat(number.compact()));
        }
        return floats;
    }

    /// Writes the network.
    ///
    /// @param card where the weights come from, for the weight file
    public void save(ImageClassifier network, Map<String, String> card) throws IOException {
        Files.createDirectories(folder);
        SafeTensors.write(folder.resolve(WEIGHTS), network.export(), card);
        Json.Obj p = Json.object().put("channels", preprocessing.channels()).put("shorterSide", preprocessing.shorterSide())
                .put("filter", preprocessing.filter().name().toLowerCase(Locale.ROOT)).put("crop", preprocessing.crop())
                .put("range", preprocessing.range()).put("mean", numbers(preprocessing.mean()))
                .put("deviation", numbers(preprocessing.deviation())).build();
        Json.object().put("format", FORMAT).put("architecture", architecture).put("classes", Json.strings(classNames))
                .put("preprocessing", p).build().write(folder.resolve(SETTINGS));
    }

    private static Json numbers(List<Float> floats) {
        return Json.numbers(floats.stream().mapToDouble(f -> Double.parseDouble(f.toString())).toArray());
    }
}
