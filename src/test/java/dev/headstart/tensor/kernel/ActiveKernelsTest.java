package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.tensor.kernel.choice.KernelChoice;
import org.junit.jupiter.api.Test;

/// The suite runs twice; each run must really use the kernels it is about.
class ActiveKernelsTest {
    @Test
    void kernels_are_those_expected() {
        assertEquals(System.getProperty("headstart.expectedKernels"), KernelChoice.ACTIVE.name(), KernelChoice.reason());
    }
}
