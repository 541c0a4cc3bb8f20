package dev.headstart.optim;

import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Updates;
import dev.headstart.tensor.Updates.Change;
import java.util.List;

/// Adam (Kingma and Ba 2015, arXiv 1412.6980) and AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101), as `torch.optim.Adam` and
/// `torch.optim.AdamW`:
/// `m = β₁ m + (1 - β₁) g; v = β₂ v + (1 - β₂) g²; w -= rate · m̂ / (√v̂ + eps)` with m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ).
///
/// Decay: Adam adds decay · w to the gradient; AdamW takes rate · decay · w from the weight, apart from the moments.
/// t counts the steps a parameter has been part of, so a parameter that is unfrozen late begins with t = 1.
public final class Adam extends Optimizer {
    private final float beta1;
    private final float beta2;
    private final float eps;
    private final boolean decoupled;

    private Adam(List<ParamGroup> groups, Schedule schedule, double maxNorm, double beta1, double beta2, double eps, boolean decoupled) {
        super(groups, schedule, maxNorm);
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && eps > 0)) {
            throw new IllegalArgumentException(
                    "adam: betas " + beta1 + ", " + beta2 + ", eps " + eps + ": betas must be in [0, 1), eps positive");
        }
        this.beta1 = (float) beta1;
        this.beta2 = (float) beta2;
        this.eps = (float) eps;
        this.decoupled = decoupled;
    }

    /// Adam with β 0.9 and 0.999, eps 1e-8.
    ///
    /// @param maxNorm clips the gradients' joint norm; infinity for no clipping
    public static Adam adam(List<ParamGroup> groups, Schedule schedule, double maxNorm) {
        return new Adam(groups, schedule, maxNorm, 0.9, 0.999, 1e-8, false);
    }

    /// AdamW with β 0.9 and 0.999, eps 1e-8.
    ///
    /// @param maxNorm clips the gradients' joint norm; infinity for no clipping
    public static Adam adamW(List<ParamGroup> groups, Schedule schedule, double maxNorm) {
        return new Adam(groups, schedule, maxNorm, 0.9, 0.999, 1e-8, true);
    }

    /// AdamW (`decoupled`) or Adam with settings of your own.
    public static Adam of(List<ParamGroup> groups, Schedule schedule, double maxNorm, double beta1, double beta2, double eps,
            boolean decoupled) {
        return new Adam(groups, schedule, maxNorm, beta1, beta2, eps, decoupled);
    }

    @Override
    protected List<String> slotNames() {
        return List.of("m", "v");
    }

    @Override
    protected Change change(Tensor value, Tensor gradient, Slot slot, float rate, float decay, float gradientScale) {
        return Updates.adam(value, gradient, slot.tensors().get(0), slot.tensors().get(1), slot.steps(), rate, beta1, beta2, eps, decay,
                decoupled, gradientScale);
    }
}
