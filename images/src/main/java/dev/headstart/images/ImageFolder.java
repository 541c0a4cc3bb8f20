package dev.headstart.images;

import dev.headstart.io.data.DataFileException;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A folder of pictures: each sub-folder is a class and its name the class's, as torchvision's `ImageFolder`. Classes are numbered by the
/// order of their names, examples class by class by the order of their paths, both by UTF-16 code units: whatever the file system says
/// first, the numbers are the same. Pictures are the files that end with `.png`, `.jpg` or `.jpeg` (any case) anywhere under a class's
/// folder; other files, and all whose names begin with a dot, are none.
///
/// Opening lists names and reads no picture; each is read, by [Pictures], when asked for.
public final class ImageFolder implements LabelledImages {
    private final Path folder;
    private final List<String> classNames;
    private final List<String> names; // of the files, below the class's folder
    private final int[] ends; // of each class, the number after its last example
    private final boolean upright;

    private ImageFolder(Path folder, List<String> classNames, List<String> names, int[] ends, boolean upright) {
        this.folder = folder;
        this.classNames = classNames;
        this.names = names;
        this.ends = ends;
        this.upright = upright;
    }

    /// The pictures in a folder, turned upright as their EXIF says.
    ///
    /// @throws DataFileException when there is no sub-folder, or one has no picture
    public static ImageFolder open(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "there is no such folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        List<String> classes;
        try (Stream<Path> inside = Files.list(folder)) {
            classes = inside.filter(Files::isDirectory).map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted().toList();
        }
        if (classes.isEmpty()) {
            throw new DataFileException(folder, "there is no folder in it: each class is a folder of its pictures", null);
        }
        List<String> names = new ArrayList<>();
        int[] ends = new int[classes.size()];
        for (int c = 0; c < ends.length; c++) {
            List<String> own = pictures(folder.resolve(classes.get(c)));
            if (own.isEmpty()) {
                throw new DataFileException(folder.resolve(classes.get(c)), "there is no PNG or JPEG file in this class's folder", null);
            }
            names.addAll(own);
            ends[c] = names.size();
        }
        return new ImageFolder(folder, classes, names, ends, true);
    }

    private static List<String> pictures(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(ImageFolder::isPicture).map(file -> folder.relativize(file).toString()).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isPicture(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"))
                && Files.isRegularFile(file);
    }

    /// The same pictures as they are stored, whatever their EXIF says about turning them: as torchvision reads them.
    public ImageFolder asStored() {
        return new ImageFolder(folder, classNames, names, ends, false);
    }

    @Override
    public int size() {
        return names.size();
    }

    @Override
    public int label(int example) {
        if (example < 0 || example >= names.size()) {
            throw new IndexOutOfBoundsException(folder + ": there is no picture " + example + ": there are " + names.size());
        }
        int c = 0;
        while (ends[c] <= example) {
            c++;
        }
        return c;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    /// The file of an example.
    public Path file(int example) {
        return folder.resolve(classNames.get(label(example))).resolve(names.get(example));
    }

    @Override
    public Image image(int example) throws IOException {
        return upright ? Pictures.read(file(example)) : Pictures.readAsStored(file(example));
    }

    @Override
    public String toString() {
        return folder + " (" + names.size() + " pictures of " + classNames.size() + " classes)";
    }
}
