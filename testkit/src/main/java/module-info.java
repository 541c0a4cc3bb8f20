/// Operator specifications and the tests that follow from them.
module dev.headstart.testkit {
    requires transitive dev.headstart.autograd;
    requires transitive dev.headstart.nn;
    requires static transitive org.jspecify;

}
