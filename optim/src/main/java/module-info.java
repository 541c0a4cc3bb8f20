/// Optimisers, learning-rate schedules and parameter groups.
module dev.headstart.optim {
    requires transitive dev.headstart.autograd;
    requires static org.jspecify;

    exports dev.headstart.optim;
}
