/// The command line: the only module with third-party libraries. Tomlj has a reserved name but no descriptor of its own.
@SuppressWarnings("requires-automatic")
module dev.headstart.cli {
    requires dev.headstart.task;
    requires dev.headstart.bench;
    requires dev.headstart.images;
    requires info.picocli;
    requires de.siegmar.fastcsv;
    requires org.tomlj;
    requires static org.jspecify;

    opens dev.headstart.cli to info.picocli;
    opens dev.headstart.cli.options to info.picocli;
}
