package dev.headstart.tensor.kernel;

/// Optimiser steps, fused into one pass over memory, in place: w and the moments are rewritten, g is only read.
///
/// A moment (m and v) whose size comes out below [Float#MIN_NORMAL] is taken as +0, before it is stored or used: without a gradient (an
/// embedding row not seen for 800 steps) it would shrink to a denormal, stay one for ever, and make every later step ten times slower.
public interface Update {
    /// The numbers of a step of stochastic gradient descent.
    ///
    /// @param first whether v is only written
    /// @param gradientScale factor on the gradient
    record SgdStep(float rate, float momentum, float dampening, boolean nesterov, float decay, boolean first, float gradientScale) {}

    /// The numbers of a step of Adam.
    ///
    /// @param stepSize rate / (1 - beta1^t) at step t = 1, 2, …
    /// @param inverseRootCorrection2 1 / √(1 - beta2^t)
    /// @param decay used when not decoupled
    /// @param decayFactor 1 - rate · decay, used when decoupled
    /// @param gradientScale factor on the gradient
    record AdamStep(float beta1, float beta2, float eps, float stepSize, float inverseRootCorrection2, float decay, float decayFactor,
            boolean decoupled, float gradientScale) {}

    /// Stochastic gradient descent with momentum as PyTorch's `torch.optim.SGD`:
    /// g' = fma(decay, w, g · gradientScale); v = first ? g' : fma(momentum, v, g' · (1 - dampening));
    /// d = nesterov ? fma(momentum, v, g') : v; w = fma(-rate, d, w).
    /// With momentum 0, v is not touched and may be empty, and d = g'. With `first`, v is only written.
    void sgd(Slice w, Slice g, Slice v, int n, SgdStep step);

    /// Adam (Kingma and Ba 2015, arXiv 1412.6980) and AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101) as PyTorch's.
    ///
    /// g' = g · gradientScale; with `decoupled`, w = w · decayFactor first, else g' = fma(decay, w, g');
    /// m = fma(beta1, m, (1 - beta1) · g'); v = fma(beta2, v, ((1 - beta2) · g') · g');
    /// w = fma(-stepSize, m / fma(√v, inverseRootCorrection2, eps), w).
    void adam(Slice w, Slice g, Slice m, Slice v, int n, AdamStep step);
}
