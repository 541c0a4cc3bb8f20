package dev.headstart.parity;

import dev.headstart.autograd.Variable;
import dev.headstart.zoo.model.Published;
import java.util.Map;
import java.util.function.Supplier;

/// A model of ours with a case's inputs put into it.
///
/// @param model the model
/// @param outputs computes what the reference has under `eval.`, by name, in the reference's shapes
/// @param loss computes the training loss
record ParityModel(Published model, Supplier<Map<String, Variable>> outputs, Supplier<Variable> loss) {}
