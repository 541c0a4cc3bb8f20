package dev.headstart.cli.data;

import dev.headstart.cli.terminal.Notes;
import dev.headstart.images.ImageFolder;
import dev.headstart.io.data.Idx;
import dev.headstart.io.data.Images;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.task.data.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Images with labels, in whatever people have them: IDX files, CIFAR binary files, a folder with a folder of pictures for each class, or a
/// CSV file with a label and the bytes of a square image in each row (as Kaggle has MNIST). Which it is, the content tells; for CSV the
/// name's ending does.
public final class ImageData {
    private static final Pattern CSV = Pattern.compile("(?i).*\\.(csv|tsv)(\\.gz)?");

    private ImageData() {}

    /// Opens images.
    ///
    /// @param labels the file of labels that belongs to an IDX file of images; null to look for it beside that
    /// @throws IOException when it is none of these or breaks a rule of its format; the message says where
    public static LabelledImages open(Path data, @Nullable Path labels) throws IOException {
        return open(data, labels, null);
    }

    /// Opens images, perhaps of a table.
    ///
    /// @param labels the file of labels that belongs to an IDX file of images; null to look for it beside that
    /// @param labelColumn the column of the labels in a table: a name of its header, or a number from 1; null to look for it
    /// @throws IOException when it is none of these or breaks a rule of its format; the message says where
    public static LabelledImages open(Path data, @Nullable Path labels, @Nullable String labelColumn) throws IOException {
        demandThere(data);
        if (labelColumn != null && !isCsv(data)) {
            throw new IOException(data + ": this is no table, so there is no column '" + labelColumn + "' of labels in it");
        }
        if (labels != null) {
            return Idx.images(data, labels);
        }
        if (Files.isDirectory(data)) {
            return said(data, ImageFolder.open(data));
        }
        return isCsv(data) ? said(data, PixelTable.read(data, labelColumn)) : Images.open(data);
    }

    /// Images whose labels are not looked at: also a folder of pictures without folders for classes, and an IDX file without one of labels.
    ///
    /// @param labels the file of labels that belongs to an IDX file of images; null for none, or to look for it beside that
    /// @throws IOException when it is none of these or breaks a rule of its format; the message says where
    public static LabelledImages unlabelled(Path data, @Nullable Path labels) throws IOException {
        demandThere(data);
        if (labels == null && Files.isDirectory(data)) {
            return said(data, ImageFolder.unlabelled(data));
        }
        return labels == null && !isCsv(data) ? Images.unlabelled(data) : open(data, labels, null);
    }

    private static void demandThere(Path data) throws IOException {
        if (!Files.exists(data)) {
            throw new NoSuchFileException(data.toString(), null, "there is no such file or folder");
        }
        FileKind.demandImages(data);
    }

    private static LabelledImages said(Path data, LabelledImages images) {
        Notes.say(images.notes());
        Notes.say(Names.alike(data.toString(), images.classNames()));
        return images;
    }

    /// Whether a file is called as CSV or TSV files are.
    public static boolean isCsv(Path file) {
        return CSV.matcher(file.toString()).matches();
    }
}
