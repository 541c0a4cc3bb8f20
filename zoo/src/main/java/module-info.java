/// Architectures, with the names their weights have in files.
module dev.headstart.zoo {
    requires transitive dev.headstart.nn;
    requires transitive dev.headstart.io;
    requires static transitive org.jspecify;

    exports dev.headstart.zoo;
}
