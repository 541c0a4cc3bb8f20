package dev.headstart.parity;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Which of our models stands for which reference.
final class ParityModels {
    /// Makes the model of a case, or nothing when the case's architecture is none of its own.
    interface Family {
        Optional<ParityModel> of(ParityCase reference) throws IOException;
    }

    private static final List<Family> FAMILIES = List.of(ParityVision::of, ParityLanguage::of);

    private ParityModels() {}

    /// The model of a case; nothing when its architecture is not supported.
    static Optional<ParityModel> of(ParityCase reference) throws IOException {
        for (Family family : FAMILIES) {
            Optional<ParityModel> model = family.of(reference);
            if (model.isPresent()) {
                return model;
            }
        }
        return Optional.empty();
    }
}
