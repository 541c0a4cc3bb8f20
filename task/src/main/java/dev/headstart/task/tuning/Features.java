package dev.headstart.task.tuning;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.tuning.FrozenPrefix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Features of examples, which the head takes: `[examples, …]`.
///
/// Where the body stays frozen they are computed as in evaluation, without dropout: then they are the same in every epoch, and can be
/// stored. The bits do not depend on whether they are.
sealed interface Features {
    /// Computed for each batch, with gradients of the body.
    record Trainable(Examples<?> examples) implements Features {}

    /// Computed for each batch, without gradients: the body stays frozen.
    record Frozen(Examples<?> examples) implements Features {}

    /// Computed once for each example.
    record Cached(Examples<?> examples, FrozenPrefix prefix) implements Features {}

    /// Taken from features that several runs share while the body is frozen; once it is trained, computed for each batch.
    ///
    /// @param places of the examples among those that are shared
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Shared(Examples<?> examples, SharedFeatures features, int[] places) implements Features {}

    /// Features that are computed once for each example.
    static <B> Cached cached(Examples<B> examples) {
        return new Cached(examples, FrozenPrefix.of(examples.network().body(), examples.size(), examples::features).withoutDropout());
    }

    /// The examples.
    Examples<?> examples();

    /// Features of some.
    ///
    /// @param random for augmentation
    default Variable of(int[] some, RandomStream random) {
        return switch (this) {
            case Trainable(Examples<?> all) -> all.features(some, random);
            case Frozen(Examples<?> all) -> Mode.inference(() -> all.features(some, random));
            case Cached(Examples<?> _, FrozenPrefix prefix) -> prefix.of(some);
            case Shared(Examples<?> all, SharedFeatures shared, int[] places) -> all.network().body().trainable().size() > 0
                    ? all.features(some, random)
                    : shared.of(Arrays.stream(some).map(i -> places[i]).toArray());
        };
    }

    /// Whether they are computed for each batch with gradients.
    default boolean areTrainable() {
        return this instanceof Trainable;
    }

    /// Whether they are computed once.
    default boolean areCached() {
        return this instanceof Cached;
    }

    /// How they are computed, in a sentence.
    ///
    /// @param names of settings
    /// @param folder where they are stored; null for nowhere
    default String economy(Function<Setting, String> names, @Nullable Path folder) {
        return switch (this) {
            case Trainable _,Shared _ -> "What the head sees is computed anew in each epoch, since parameters below it are trained.";
            case Frozen(Examples<?> examples) ->
                    "All below the head is frozen: it is computed without gradients and dropout, but anew in each epoch"
                            + examples.data().changing().map(setting -> ", since " + names.apply(setting) + " changes images").orElse("")
                            + ".";
            case Cached _ -> "All below the head is frozen: it is computed once for each example, without dropout, and kept"
                    + (folder == null ? "." : " in " + folder + ".");
        };
    }

    /// Stores features in a folder, or takes them from there; does nothing where they are not cached, or without a folder.
    ///
    /// @param batch examples to compute at once
    default void store(@Nullable Path folder, int batch) throws IOException {
        if (folder != null && this instanceof Cached(Examples<?> all, FrozenPrefix prefix)) {
            String[] besides = {all.network().reading(), all.data().hash()};
            if (!prefix.load(folder, besides)) {
                prefix.save(folder, batch, besides);
            }
        }
    }
}
