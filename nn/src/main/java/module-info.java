/// Layers, losses, initialisers, and the transfer of weights between networks.
module dev.headstart.nn {
    requires transitive dev.headstart.autograd;
    requires static transitive org.jspecify;

    exports dev.headstart.nn;
    exports dev.headstart.nn.adapt;
    exports dev.headstart.nn.transfer;
}
