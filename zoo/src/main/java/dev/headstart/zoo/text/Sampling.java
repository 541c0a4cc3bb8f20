package dev.headstart.zoo.text;

import java.util.Arrays;

/// How the next token is chosen from its logits. In this order: tokens that were there already become less likely; logits are divided by
/// the temperature; the most likely few are kept; of those, the most likely that have a given share of the probability together; one is
/// drawn.
///
/// Probabilities are computed in double precision and in a fixed order: the choice is the same on every machine.
///
/// @param temperature above 1 evens the probabilities out, below 1 sharpens them; 0 always takes the likeliest, the lowest id on a tie
/// @param topK how many tokens are kept (Fan et al. 2018, arXiv 1805.04833); 0 for all
/// @param topP share of the probability that is kept, in (0, 1]: nucleus sampling (Holtzman et al. 2019, arXiv 1904.09751); 1 for all
/// @param repetitionPenalty what the logit of a token that was there is divided by, or multiplied with when it is negative (Keskar et al.
/// 2019, arXiv 1909.05858); 1 for none
public record Sampling(float temperature, int topK, float topP, float repetitionPenalty) {
    /// The likeliest token.
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 1);

    /// Tokens as likely as the model says.
    public static final Sampling PLAIN = new Sampling(1, 0, 1, 1);

    public Sampling {
        if (!(temperature >= 0 && temperature < Float.POSITIVE_INFINITY) || topK < 0 || !(topP > 0 && topP <= 1)
                || !(repetitionPenalty > 0 && repetitionPenalty < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sampling: temperature " + temperature + ", top k " + topK + ", top p " + topP
                    + ", repetition penalty " + repetitionPenalty
                    + ": temperature and k must not be negative, p must be in (0, 1], the penalty above 0");
        }
    }

    /// The same with another temperature.
    public Sampling withTemperature(float other) {
        return new Sampling(other, topK, topP, repetitionPenalty);
    }

    /// The same with the k likeliest tokens kept.
    public Sampling withTopK(int k) {
        return new Sampling(temperature, k, topP, repetitionPenalty);
    }

    /// The same with the likeliest tokens kept that have p of the probability.
    public Sampling withTopP(float p) {
        return new Sampling(temperature, topK, p, repetitionPenalty);
    }

    /// The same with another penalty on repetition.
    public Sampling withRepetitionPenalty(float other) {
        return new Sampling(temperature, topK, topP, other);
    }

    /// Chooses a token.
    ///
    /// @param logits one for each token; -∞ for one that cannot be. Not changed
    /// @param before the tokens that were there
    /// @param uniform a random number in [0, 1)
    /// @throws IllegalArgumentException when a logit is not a number, or none is finite
    public int choose(float[] logits, int[] before, double uniform) {
        float[] scores = penalised(logits, before);
        int best = likeliest(scores);
        if (temperature == 0) {
            return best;
        }
        int[] ids = topK == 0 && topP == 1 ? null : byLikelihood(scores);
        int count = topK == 0 ? scores.length : Math.min(topK, scores.length);
        double[] weights = new double[count];
        double total = 0;
        for (int i = 0; i < count; i++) {
            double logit = scores[ids == null ? i : ids[i]];
            weights[i] = StrictMath.exp((logit - scores[best]) / temperature);
            total += weights[i];
        }
        if (topP < 1) {
            count = nucleus(weights, total);
            total = 0;
            for (int i = 0; i < count; i++) {
                total += weights[i];
            }
        }
        int drawn = draw(weights, count, uniform * total);
        return ids == null ? drawn : ids[drawn];
    }

    private float[] penalised(float[] logits, int[] before) {
        if (repetitionPenalty == 1) {
            return logits;
        }
        float[] scores = logits.clone();
        for (int id : before) { // from the logits, so that a token that was there twice is not punished twice
            scores[id] = logits[id] > 0 ? logits[id] / repetitionPenalty : logits[id] * repetitionPenalty;
        }
        return scores;
    }

    private static int likeliest(float[] scores) {
        int best = 0;
        for (int i = 0; i < scores.length; i++) {
            if (Float.isNaN(scores[i])) {
                throw new IllegalArgumentException("sampling: the logit of token " + i + " is not a number");
            }
            best = scores[i] > scores[best] ? i : best;
        }
        if (Float.isInfinite(scores[best])) {
            throw new IllegalArgumentException("sampling: the largest logit, of token " + best + ", is " + scores[best]);
        }
        return best;
    }

    /// Ids from the likeliest on, the lower first on a tie.
    private static int[] byLikelihood(float[] scores) {
        long[] keys = new long[scores.length];
        for (int id = 0; id < keys.length; id++) {
            int bits = Float.floatToIntBits(scores[id] + 0f); // -0 as 0
            int ascending = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
            keys[id] = (long) ~ascending << 32 | id;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /// How many of the first weights have the share together.
    private int nucleus(double[] weights, double total) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            if (sum >= topP * total) {
                return i + 1;
            }
        }
        return weights.length;
    }

    private static int draw(double[] weights, int count, double at) {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
            last = weights[i] > 0 ? i : last;
            if (at < sum) {
                return i;
            }
        }
        return last; // sums were rounded
    }
}
