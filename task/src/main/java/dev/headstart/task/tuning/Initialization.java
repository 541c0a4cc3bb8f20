package dev.headstart.task.tuning;

/// The weights that training begins with, the head's aside.
public enum Initialization {
    /// The weights of the file.
    PRETRAINED("pre-trained"),
    /// The numbers of each tensor of the file in random order: the same scale, nothing learned.
    SHUFFLED("shuffled"),
    /// The network's initial distributions.
    RANDOM("random");

    private final String described;

    Initialization(String described) {
        this.described = described;
    }

    @Override
    public String toString() {
        return described;
    }
}
