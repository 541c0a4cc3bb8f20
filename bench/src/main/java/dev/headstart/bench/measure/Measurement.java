package dev.headstart.bench.measure;

import dev.headstart.bench.workload.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What the rounds of one workload gave.
///
/// @param rounds at least one
/// @param peakBytes memory of a run: operands, parameters, optimiser state, and a workspace, which gives nothing back until a run has ended
public record Measurement(Workload workload, List<Round> rounds, double peakBytes) {
    /// A probe of the ceiling, the work right after it, and the same work by a peer.
    ///
    /// @param ceiling operations or bytes a second
    /// @param seconds time of one run
    /// @param peerSeconds time of the peer's, NaN if there is no peer
    public record Round(double ceiling, double seconds, double peerSeconds) {}

    public Measurement {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("measurement of " + workload.name() + ": there are no rounds");
        }
    }

    /// Median time of a run.
    public double seconds() {
        return quantile(0.5, Round::seconds);
    }

    /// Operations or bytes a second, at the median time.
    public double rate() {
        return workload.amount() / seconds();
    }

    /// Median ceiling, in operations or bytes a second.
    public double ceiling() {
        return quantile(0.5, Round::ceiling);
    }

    /// The median of the rounds' fractions, each of its own ceiling.
    public double fraction() {
        return fraction(0.5);
    }

    /// A quantile of the rounds' fractions: 0.25 and 0.75 bound the middle half.
    public double fraction(double quantile) {
        return quantile(quantile, r -> workload.amount() / r.seconds / r.ceiling);
    }

    /// Whether a peer took its turns.
    public boolean hasPeer() {
        return !Double.isNaN(rounds.getFirst().peerSeconds);
    }

    /// Median time of a run of the peer.
    public double peerSeconds() {
        return quantile(0.5, Round::peerSeconds);
    }

    /// A quantile of the rounds' ratios of the peer's time to ours: more than 1 is faster than the peer.
    public double ratio(double quantile) {
        return quantile(quantile, r -> r.peerSeconds / r.seconds);
    }

    /// By linear interpolation between the two nearest rounds.
    private double quantile(double p, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).toArray();
        Arrays.sort(sorted);
        double at = p * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
