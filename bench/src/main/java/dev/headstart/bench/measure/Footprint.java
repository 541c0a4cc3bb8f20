package dev.headstart.bench.measure;

import org.jspecify.annotations.Nullable;

/// The memory of a workload, and of the same work by a peer.
///
/// @param ours null if our process failed
/// @param peers null if there is no peer, or its process failed
public record Footprint(String workload, @Nullable Memory ours, @Nullable Memory peers) {
    /// How many times ours the peer's process grew: more than 1 means that we need less. NaN if either is not known.
    public double ratio() {
        return ours == null || peers == null ? Double.NaN : peers.grown() / ours.grown();
    }
}
