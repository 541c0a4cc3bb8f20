/// Layers, losses, initialisers, and the transfer of weights between networks.
module dev.headstart.nn {
    requires transitive dev.headstart.autograd;
    requires static org.jspecify;

    exports dev.headstart.nn.adapt;
    exports dev.headstart.nn.attention;
    exports dev.headstart.nn.conv;
    exports dev.headstart.nn.generative;
    exports dev.headstart.nn.loss;
    exports dev.headstart.nn.model;
    exports dev.headstart.nn.norm;
    exports dev.headstart.nn.transfer;
    exports dev.headstart.nn;
}
