package dev.headstart.task.compare;

import dev.headstart.task.data.Evaluation;

/// What a pre-trained network's features tell of a task, without fine-tuning.
///
/// @param logMe of all examples; NaN when all features are the same
/// @param leep of all examples, from the guesses of the network's own head; NaN when it has none
/// @param neighbours what the nearest of the examples to train on say of those to measure on
/// @param probe what a linear probe says of these
public record FeatureScores(double logMe, double leep, Evaluation neighbours, Evaluation probe) {}
