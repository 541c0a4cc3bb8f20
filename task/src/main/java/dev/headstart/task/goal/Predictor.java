package dev.headstart.task.goal;

import java.util.List;

/// Answers questions with a trained network. Any number of threads may ask.
///
/// @param <X> what is asked about
/// @param <Y> the answer
@FunctionalInterface
public interface Predictor<X, Y> {
    /// An answer for each, in order. The answer to one does not depend on the others.
    List<Y> all(List<X> questions);

    /// The answer for one.
    default Y of(X question) {
        return all(List.of(question)).getFirst();
    }
}
