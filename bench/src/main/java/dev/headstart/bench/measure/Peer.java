package dev.headstart.bench.measure;

import java.util.Optional;
import java.util.ServiceLoader;

/// Another engine that does the same work in the same JVM, on as many threads. Found as a service.
public interface Peer {
    /// The engine and its version.
    String name();

    /// Prepares a workload; nothing if the peer does not know it.
    ///
    /// @param workload its name
    /// @param threads number of threads, the caller among them
    Optional<Runs> prepare(String workload, int threads);

    /// Work that is ready.
    interface Runs extends AutoCloseable {
        /// Does the work a number of times.
        void run(int times);

        /// Lets go of memory outside the heap.
        @Override
        void close();
    }

    /// The peer on the class path.
    static Optional<Peer> find() {
        return ServiceLoader.load(Peer.class).findFirst();
    }
}
