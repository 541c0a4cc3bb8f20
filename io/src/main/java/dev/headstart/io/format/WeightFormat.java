package dev.headstart.io.format;

import dev.headstart.io.file.Source;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A format of weight files: recognises its files by their head, and makes a table of contents of one.
///
/// A format is a package beside this one and a line in the list of formats; it knows none of the others. The file is opened, and its head
/// read, once for all formats. What a reader must see to:
///
/// - The [Contents] have passed its checks: names differ, every tensor's bytes lie within the file, none needs more of them than it has.
/// - What a file says costs nothing before it is charged to [Source#budget].
/// - A file that breaks the rules is a [dev.headstart.io.weights.WeightFormatException] at its byte; a tensor that alone cannot be read, a
///   [Refusal].
///
/// What belongs to the file but lies beside it is opened by [Source#sibling].
public interface WeightFormat {
    /// Bytes of the head; a shorter file has fewer.
    int HEAD = 512;

    /// The name that messages have for it; formats of the same name are listed once.
    String name();

    /// Whether a file that begins so is one of this format, or means to be.
    boolean recognises(byte[] head);

    /// The contents of a file that begins as one of this format; its data stays in the file.
    Contents read(Source source) throws IOException;

    /// Reads a file that no format recognises as a damaged one of this format, so that the refusal names the byte that is wrong; nothing
    /// when this format has a mark, without which a file is not one of it. One format answers: the one without a mark.
    ///
    /// @param hint what the refusal ends with when the file begins like none of this format
    default @Nullable Contents lastResort(Source source, String hint) throws IOException {
        return null;
    }
}
