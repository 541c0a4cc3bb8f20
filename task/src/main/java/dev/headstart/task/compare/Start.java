package dev.headstart.task.compare;

/// The weights a run starts from.
public enum Start {
    /// The published weights, a new head.
    PRETRAINED("pre-trained"),
    /// Each published tensor's numbers in random order: the same scale, nothing learnt.
    SHUFFLED("shuffled"),
    /// None: initial distributions.
    RANDOM("random");

    private final String described;

    Start(String described) {
        this.described = described;
    }

    @Override
    public String toString() {
        return described;
    }
}
