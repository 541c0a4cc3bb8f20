/// Operator specifications and the laws that are tested from them.
module dev.headstart.testkit {
    requires transitive dev.headstart.autograd;
    requires transitive dev.headstart.nn;
    requires static org.jspecify;

    exports dev.headstart.testkit;
}
