package dev.headstart.task.model;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/// What a network for images computes, and what it sees of an image.
///
/// @param logits `[batch, height, width, channels] → [batch, classes]`
/// @param preprocessing what it sees
/// @param classes number of classes; empty where the configuration does not say
public record ImageNetwork(UnaryOperator<Variable> logits, Preprocessing preprocessing, OptionalInt classes) {}
