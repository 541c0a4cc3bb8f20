package dev.headstart.task.tuning;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.tuning.FrozenPrefix;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the head sees of examples: `[examples, width]`.
///
/// Where all below the head is frozen this is computed as in evaluation, without dropout: then it is the same in every epoch, and may be
/// kept. The bits do not depend on whether it is.
sealed interface Seen {
    /// Examples as often as they are asked for are computed, with gradients for what is below the head.
    record Learning(Examples examples) implements Seen {}

    /// The same, below which nothing learns.
    record Frozen(Examples examples) implements Seen {}

    /// Examples that are computed once.
    record Kept(Examples examples, FrozenPrefix prefix) implements Seen {}

    /// Examples below which nothing learns, computed once for each.
    ///
    /// @param body all parameters below the head
    static Kept kept(Examples examples, Parameters body) {
        return new Kept(examples, FrozenPrefix.of(body, examples.size(), examples::features).withoutDropout());
    }

    /// The examples.
    Examples examples();

    /// What the head sees of some.
    ///
    /// @param random for augmentation
    default Variable of(int[] some, RandomStream random) {
        return switch (this) {
            case Learning(Examples all) -> all.features(some, random);
            case Frozen(Examples all) -> Mode.inference(() -> all.features(some, random));
            case Kept(Examples _, FrozenPrefix prefix) -> prefix.of(some);
        };
    }

    /// Computes all that is kept and puts it into a folder, or takes it from there; does nothing without a folder.
    ///
    /// @param batch examples to compute at once
    default void settle(@Nullable Path folder, int batch) throws IOException {
        if (folder != null && this instanceof Kept(Examples all, FrozenPrefix prefix)) {
            String[] besides = {all.reading(), all.hash()};
            if (!prefix.load(folder, besides)) {
                prefix.save(folder, batch, besides);
            }
        }
    }
}
