/// A program that fine-tunes networks.
module example {
    requires dev.headstart.images;
    requires dev.headstart.task;
    requires java.desktop;
    requires jdk.incubator.vector; // so that kernels use the processor's vectors, without an option; it works without
}
