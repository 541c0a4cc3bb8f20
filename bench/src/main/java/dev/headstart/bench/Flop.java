package dev.headstart.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Operations done, for JMH to divide by the time.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Flop {
    /// 10⁹ operations.
    public double gflop;

    /// Nothing done yet.
    @Setup(Level.Iteration)
    public void clear() {
        gflop = 0;
    }
}
