/// Objectives, the training loop, checkpoints and reports.
module dev.headstart.train {
    requires transitive dev.headstart.nn;
    requires transitive dev.headstart.optim;
    requires transitive dev.headstart.io;
    requires transitive dev.headstart.zoo;
    requires static transitive org.jspecify;

    exports dev.headstart.train.cluster;
    exports dev.headstart.train.measure;
    exports dev.headstart.train.objective;
    exports dev.headstart.train.report;
    exports dev.headstart.train.tuning;
    exports dev.headstart.train;
}
