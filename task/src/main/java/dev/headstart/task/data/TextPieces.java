package dev.headstart.task.data;

import dev.headstart.io.data.Utf8;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Lines of plain text, and long ones in pieces.
public final class TextPieces {
    private TextPieces() {}

    /// The lines of a UTF-8 file, long ones cut into pieces; blank lines are skipped.
    ///
    /// @param most code points of a piece at most; a line is cut at a space where there is one
    /// @throws IOException when it cannot be read, or is not UTF-8: the line is named
    public static List<String> pieces(Path file, int most) throws IOException {
        return Utf8.read(file).lines().flatMap(line -> pieces(line, most).stream()).toList();
    }

    /// The lines of a UTF-8 file; blank ones are skipped.
    ///
    /// @throws IOException when it cannot be read, or is not UTF-8: the line is named
    public static List<String> lines(Path file) throws IOException {
        return Utf8.read(file).lines().filter(line -> !line.isBlank()).toList();
    }

    /// A text cut into pieces, at a space where there is one; a blank one has none.
    ///
    /// @param most code points of a piece at most
    public static List<String> pieces(String line, int most) {
        List<String> pieces = new ArrayList<>();
        int start = skipSpace(line, 0);
        while (start < line.length()) {
            int end = start;
            for (int i = 0; i < most && end < line.length(); i++) {
                end += Character.charCount(line.codePointAt(end));
            }
            if (end < line.length()) {
                int space = end;
                while (space > start && !Character.isWhitespace(line.charAt(space))) {
                    space--;
                }
                end = space > start ? space : end;
            }
            pieces.add(line.substring(start, end).stripTrailing());
            start = skipSpace(line, end);
        }
        return pieces;
    }

    private static int skipSpace(String line, int from) {
        int at = from;
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return at;
    }
}
