/// Workloads and how they are timed, for the command line; and JMH benchmarks, which run on the class path. JMH has no descriptor of its own.
@SuppressWarnings("requires-automatic")
module dev.headstart.bench {
    requires transitive dev.headstart.task;
    requires static jmh.core;
    requires static org.jspecify;

    exports dev.headstart.bench.measure;
    exports dev.headstart.bench.workload;

    uses dev.headstart.bench.measure.Peer;
}
