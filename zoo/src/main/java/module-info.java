/// Architectures, with the names their weights have in files.
module dev.headstart.zoo {
    requires transitive dev.headstart.nn;
    requires transitive dev.headstart.io;
    requires static org.jspecify;

    exports dev.headstart.zoo.keras;
    exports dev.headstart.zoo.model;
    exports dev.headstart.zoo.own;
    exports dev.headstart.zoo.text.bert;
    exports dev.headstart.zoo.text.gpt2;
    exports dev.headstart.zoo.text;
    exports dev.headstart.zoo.vision;
    exports dev.headstart.zoo;
}
