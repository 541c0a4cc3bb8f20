/// Variables that remember how they were computed, and the operators with their gradients.
module dev.headstart.autograd {
    requires transitive dev.headstart.tensor;
    requires static org.jspecify;

    exports dev.headstart.autograd;
    exports dev.headstart.autograd.op;
}
