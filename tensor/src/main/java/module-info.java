/// Arrays, shapes, kernels, worker threads and random streams: everything that touches numbers.
@SuppressWarnings("module") // the qualified exports name modules that are built later
module dev.headstart.tensor {
    requires static jdk.incubator.vector;
    requires static org.jspecify;

    exports dev.headstart.tensor.geometry;
    exports dev.headstart.tensor.kernel to dev.headstart.testkit, dev.headstart.bench;
    exports dev.headstart.tensor.kernel.choice to dev.headstart.bench;
    exports dev.headstart.tensor.kernel.scalar to dev.headstart.testkit, dev.headstart.bench;
    exports dev.headstart.tensor.machine;
    exports dev.headstart.tensor;
}
