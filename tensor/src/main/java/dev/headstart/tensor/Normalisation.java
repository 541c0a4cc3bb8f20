package dev.headstart.tensor;

/// How channels (last axis) are normalised: `(x - mean) / √(variance + eps) · gamma + beta`, then an addend if there is one, then ReLU if
/// wanted.
///
/// @param moments mean and variance
/// @param gamma the scale, `[channels]`
/// @param beta the shift, `[channels]`
/// @param eps keeps the root away from zero
/// @param relu whether only the positive part is kept
public record Normalisation(Moments moments, Tensor gamma, Tensor beta, float eps, boolean relu) {}
