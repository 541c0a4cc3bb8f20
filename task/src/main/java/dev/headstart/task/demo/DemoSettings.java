package dev.headstart.task.demo;

import dev.headstart.nn.loss.CrossEntropy;
import java.util.List;

/// Sizes of the demo: chosen so that the effect shows within the time.
///
/// @param width width of the encoder
/// @param blocks its transformer blocks
/// @param heads attention heads in each
/// @param vocabulary most characters it knows
/// @param maxLength characters of a string that it sees
/// @param batch examples of a pre-training step
/// @param maskedRate share of characters hidden. More than BERT's 15 %: a short training learns faster so (Wettig et al. 2022, arXiv 2202.08005)
/// @param maskedSteps steps of masked language modelling
/// @param supervisedSteps steps of language identification
/// @param smoothing label smoothing of language identification: its features serve new languages better (measured: 1.5 points)
/// @param fineTuneBatch examples of a fine-tuning step
/// @param labelsPerClass how many labels per new language are tried
/// @param fineTuneSteps steps for each of them
/// @param probeSteps steps of a probe, over features extracted once
/// @param runs seeds of each arm
/// @param pretrainRate learning rate of pre-training
/// @param fineTuneRate learning rate of the encoder in fine-tuning
/// @param headRate learning rate of the new head in fine-tuning
/// @param probeRate learning rate of a probe
/// @param curveLabels labels per language for which learning curves are measured
/// @param curveEvery steps between two points of a learning curve
record DemoSettings(int width, int blocks, int heads, int vocabulary, int maxLength, int batch, double maskedRate, int maskedSteps,
        int supervisedSteps, double smoothing, int fineTuneBatch, List<Integer> labelsPerClass, List<Integer> fineTuneSteps, int probeSteps,
        int runs, double pretrainRate,
        double fineTuneRate, double headRate, double probeRate, int curveLabels, int curveEvery) {
    /// About five minutes on two processors.
    static DemoSettings full() {
        return new DemoSettings(96, 3, 3, 3500, 24, 128, 0.3, 1200, 1400, 0.1, 32, List.of(2, 5, 10, 50), List.of(40, 50, 60, 120), 300, 5,
                3e-3,
                2e-3, 1e-2, 1e-2, 10, 10);
    }

    /// Under a minute: the same way through, with smaller sizes.
    static DemoSettings quick() {
        return new DemoSettings(64, 2, 2, 3500, 20, 64, 0.3, 300, 300, 0.1, 32, List.of(2, 5, 10, 50), List.of(20, 20, 30, 30), 150, 5,
                4e-3,
                2e-3, 1e-2, 1e-2, 10, 10);
    }

    /// The loss of language identification.
    CrossEntropy supervisedLoss() {
        return new CrossEntropy(CrossEntropy.PLAIN.ignored(), (float) smoothing, null);
    }

    /// Steps of fine-tuning on a number of labels per language.
    int stepsFor(int labels) {
        return fineTuneSteps.get(labelsPerClass.indexOf(labels));
    }

    /// How many of the lower blocks are frozen in the half-frozen mode: half, rounded up.
    int frozenBlocks() {
        return (blocks + 1) / 2;
    }
}
