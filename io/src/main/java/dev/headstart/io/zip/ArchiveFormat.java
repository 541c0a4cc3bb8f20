package dev.headstart.io.zip;

import dev.headstart.io.format.Contents;
import java.io.IOException;

/// A format whose files are zip files, recognised by their members. Otherwise as [dev.headstart.io.format.WeightFormat].
public interface ArchiveFormat {
    /// The name that messages have for it; formats of the same name are listed once.
    String name();

    /// Whether an archive of these members is of this format.
    boolean recognises(ZipArchive archive);

    /// The contents of an archive that is.
    Contents read(ZipArchive archive) throws IOException;
}
