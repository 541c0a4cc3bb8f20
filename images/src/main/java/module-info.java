/// Folders of PNG and JPEG pictures: a room of its own because it needs java.desktop, and the others need java.base only.
module dev.headstart.images {
    requires java.desktop;
    requires transitive dev.headstart.io;
    requires static org.jspecify;

    exports dev.headstart.images;
}
