/// Objectives, the training loop and what is measured of it. It knows no architecture and draws nothing: it emits events and numbers.
module dev.headstart.train {
    requires transitive dev.headstart.nn;
    requires transitive dev.headstart.optim;
    requires transitive dev.headstart.io;
    requires static org.jspecify;

    exports dev.headstart.train.cluster;
    exports dev.headstart.train.measure;
    exports dev.headstart.train.objective;
    exports dev.headstart.train.tuning;
    exports dev.headstart.train;
}
