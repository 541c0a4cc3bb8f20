package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Weights;
import dev.headstart.task.report.ModelCard;
import dev.headstart.task.report.Version;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Cards of models in folders.
final class Cards {
    private Cards() {}

    /// The card in a folder's weight file, whose hash is that of the file's tensors, and which `README.md` tells, too.
    static ModelCard verified(Path folder, String weights) throws IOException {
        Weights saved = Weights.open(folder.resolve(weights));
        ModelCard card = ModelCard.in(saved.metadata()).orElseThrow();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : saved.names()) {
            tensors.put(name, saved.tensor(name));
        }
        assertEquals(ModelCard.hash(tensors), card.weightsHash());
        assertEquals(Version.current(), card.version());
        assertTrue(!card.settings().isEmpty() && card.dataHash().matches("[0-9a-f]{64}"), card.toString());
        assertEquals(card.markdown(), Files.readString(folder.resolve("README.md")));
        return card;
    }
}
