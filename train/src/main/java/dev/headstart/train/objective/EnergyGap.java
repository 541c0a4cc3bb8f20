package dev.headstart.train.objective;

import dev.headstart.nn.generative.Rbm;
import dev.headstart.tensor.Tensor;

/// How a restricted Boltzmann machine does. The partition function cancels in the difference of two free energies: as long as it overfits nothing,
/// its training data and held-out data have the same mean; when the gap grows, it learns examples by heart (Hinton 2010, "A Practical
/// Guide to Training Restricted Boltzmann Machines", section 6).
///
/// @param training mean free energy of examples it learns from, in nats
/// @param heldOut mean free energy of others, in nats
/// @param reconstructionError mean of the squared distance between a held-out example and its reconstruction
/// @param explained share of the held-out data's variance that reconstructions explain
public record EnergyGap(double training, double heldOut, double reconstructionError, double explained) {
    /// Measures a machine.
    ///
    /// @param training about as many rows as are held out
    public static EnergyGap of(Rbm rbm, Tensor training, Tensor heldOut) {
        Tensor reconstructed = rbm.reconstruct(heldOut);
        double error = heldOut.minus(reconstructed).square().sum().item() / heldOut.dim(0);
        return new EnergyGap(rbm.meanFreeEnergy(training), rbm.meanFreeEnergy(heldOut), error,
                Reconstruction.explained(heldOut, reconstructed));
    }

    /// How much higher the free energy of held-out data is, in nats.
    public double gap() {
        return heldOut - training;
    }
}
