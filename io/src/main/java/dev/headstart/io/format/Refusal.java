package dev.headstart.io.format;

/// Why a tensor that a file has cannot be read, though its file can.
///
/// @param offset where in the file the reason stands
/// @param problem the reason
public record Refusal(long offset, String problem) {
    /// Thrown where the reason is found, caught where the tensor's name is known.
    public static final class Found extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Refusal refusal;

        public Found(long offset, String problem) {
            super(problem);
            this.refusal = new Refusal(offset, problem);
        }

        /// The reason.
        public Refusal refusal() {
            return refusal;
        }
    }
}
