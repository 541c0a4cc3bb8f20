package dev.headstart.optim;

/// Which part of a pre-trained model learns, and from when on: a step for each level of the model, which [ParamGroups#tuned] gives to its
/// groups. Levels are counted from the output: 0 is the head.
public sealed interface FineTuning {
    /// The step from which a level learns; 0 from the start, [ParamGroup#NEVER] not at all.
    ///
    /// @param depth 0 for the head, 1 for the level below
    long from(int depth);

    /// Only the head learns (Donahue et al. 2014, arXiv 1310.1531). What is below may be computed once for all epochs.
    record FeatureExtraction() implements FineTuning {
        @Override
        public long from(int depth) {
            return depth == 0 ? 0 : ParamGroup.NEVER;
        }
    }

    /// Only the uppermost levels learn (Yosinski et al. 2014, arXiv 1411.1792).
    ///
    /// @param levels how many, the head included
    record Partial(int levels) implements FineTuning {
        public Partial {
            if (levels < 1) {
                throw new IllegalArgumentException("fine-tuning: " + levels + " levels learn: at least the head");
            }
        }

        @Override
        public long from(int depth) {
            return depth < levels ? 0 : ParamGroup.NEVER;
        }
    }

    /// Everything learns.
    record Full() implements FineTuning {
        @Override
        public long from(int depth) {
            return 0;
        }
    }

    /// The head alone first, then everything (LP-FT: Kumar et al. 2022, arXiv 2202.10054): a head that is still random would pull the
    /// features away from what they are good for.
    ///
    /// @param probeSteps steps of the head alone
    record ProbeThenTune(long probeSteps) implements FineTuning {
        public ProbeThenTune {
            if (probeSteps < 1) {
                throw new IllegalArgumentException("fine-tuning: " + probeSteps + " steps of the head alone: at least 1");
            }
        }

        @Override
        public long from(int depth) {
            return depth == 0 ? 0 : probeSteps;
        }
    }

    /// The head first, then one level more every `every` steps (Howard and Ruder 2018, arXiv 1801.06146, section 3.3).
    ///
    /// @param every number of steps, commonly an epoch's
    record Gradual(long every) implements FineTuning {
        public Gradual {
            if (every < 1) {
                throw new IllegalArgumentException("fine-tuning: a level every " + every + " steps: at least 1");
            }
        }

        @Override
        public long from(int depth) {
            return Math.multiplyExact(depth, every);
        }
    }
}
