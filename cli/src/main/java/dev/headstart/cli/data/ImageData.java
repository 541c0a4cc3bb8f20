package dev.headstart.cli.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.headstart.images.ImageFolder;
import dev.headstart.io.data.Idx;
import dev.headstart.io.data.Images;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Images with labels, in whatever people have them: IDX files, CIFAR binary files, a folder with a folder of pictures for each class, or a
/// CSV file with the label and then the bytes of a square image in each row (as Kaggle has MNIST). Which it is, the content tells; for
/// CSV the name's ending does.
public final class ImageData {
    private static final Pattern CSV = Pattern.compile("(?i).*\\.(csv|tsv)(\\.gz)?");

    private ImageData() {}

    /// Opens images.
    ///
    /// @param labels the file of labels that belongs to an IDX file of images; null to look for it beside that
    /// @throws IOException when it is none of these or breaks a rule of its format; the message says where
    public static LabelledImages open(Path data, @Nullable Path labels) throws IOException {
        if (!Files.exists(data)) {
            throw new NoSuchFileException(data.toString(), null, "there is no such file or folder");
        }
        if (labels != null) {
            return Idx.images(data, labels);
        }
        if (Files.isDirectory(data)) {
            return ImageFolder.open(data);
        }
        return isCsv(data) ? csv(data) : Images.open(data);
    }

    /// Whether a file is called as CSV or TSV files are.
    public static boolean isCsv(Path file) {
        return CSV.matcher(file.toString()).matches();
    }

    /// Rows of a label, a small whole number, and the 0 … 255 of a square image, grey or RGB; a first row that is no numbers is a header.
    private static Images csv(Path file) throws IOException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        List<Integer> labels = new ArrayList<>();
        int fields = -1;
        char separator = file.toString().toLowerCase(Locale.ROOT).matches(".*\\.tsv(\\.gz)?") ? '\t' : ',';
        try (CsvReader<CsvRecord> reader = CsvReader.builder().fieldSeparator(separator).ofCsvRecord(Utf8.read(file))) {
            for (CsvRecord row : reader) {
                boolean header = fields < 0 && row.getFields().stream().noneMatch(field -> field.strip().matches("\\d+"));
                fields = fields < 0 ? row.getFieldCount() : fields;
                if (!header) {
                    labels.add(number(file, row, 0, Integer.MAX_VALUE - 1));
                    for (int i = 1; i < fields; i++) {
                        pixels.write(number(file, row, i, 255));
                    }
                }
            }
        } catch (CsvParseException e) {
            throw new IOException(file + ": this CSV cannot be read: " + e.getMessage(), e);
        }
        int bytes = fields - 1;
        int grey = (int) Math.sqrt(bytes);
        int colour = (int) Math.sqrt(bytes / 3.0);
        boolean isGrey = bytes > 0 && grey * grey == bytes;
        if (labels.isEmpty() || (!isGrey && (bytes < 3 || 3 * colour * colour != bytes))) {
            throw new IOException(file + ": " + labels.size() + " rows of a label and " + Math.max(0, bytes)
                    + " numbers: rows are needed, each with the bytes of a square image");
        }
        int side = isGrey ? grey : colour;
        int classes = labels.stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        if (classes > 100_000) {
            throw new IOException(file + ": the largest label is " + (classes - 1) + ": labels are numbers of classes, from 0");
        }
        return new Images(pixels.toByteArray(), labels.size(), side, side, isGrey ? 1 : 3,
                labels.stream().mapToInt(Integer::intValue).toArray(),
                IntStream.range(0, classes).mapToObj(String::valueOf).toList());
    }

    private static int number(Path file, CsvRecord row, int field, int most) throws IOException {
        String text = field < row.getFieldCount() ? row.getField(field).strip() : "";
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw new IOException(file + ", line " + row.getStartingLineNumber() + ", column " + (field + 1) + ": '"
                + (text.length() <= 20 ? text : text.substring(0, 20) + "…")
                + "' is no whole number from 0 to " + most);
    }
}
