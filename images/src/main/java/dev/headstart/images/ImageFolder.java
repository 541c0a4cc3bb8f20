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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A folder of pictures: each sub-folder is a class and its name the class's, as torchvision's `ImageFolder`. Classes are numbered by the
/// order of their names, examples class by class by the order of their paths, both by UTF-16 code units: whatever the file system says
/// first, the numbers are the same. Pictures are the files that end with `.png`, `.jpg`, `.jpeg`, `.jpe` or `.jfif` (any case) anywhere
/// under a class's folder. Files and folders whose names begin with a dot, and what macOS packs into `__MACOSX`, are no pictures. What is
/// left out is counted: [#notes].
///
/// Opening lists names and reads no picture; each is read, by [Pictures], when asked for.
public final class ImageFolder implements LabelledImages {
    private static final Set<String> ENDINGS = Set.of(".png", ".jpg", ".jpeg", ".jpe", ".jfif");
    private static final Set<String> PARTS = Set.of("train", "training", "val", "valid", "validation", "dev", "test", "testing", "eval");

    private final Path folder;
    private final List<String> classNames;
    private final List<String> names; // of the files, below the class's folder
    private final int[] ends; // of each class, the number after its last example
    private final boolean upright;
    private final List<String> notes;

    private ImageFolder(Path folder, List<String> classNames, List<String> names, int[] ends, boolean upright, List<String> notes) {
        this.folder = folder;
        this.classNames = classNames;
        this.names = names;
        this.ends = ends;
        this.upright = upright;
        this.notes = notes;
    }

    /// The pictures in a folder, turned upright as their EXIF says.
    ///
    /// @throws DataFileException when there is no sub-folder, one has no picture, or all are the parts of a data set (`train`, `val`)
    public static ImageFolder open(Path folder) throws IOException {
        List<String> classes = folders(folder);
        if (classes.isEmpty()) {
            throw new DataFileException(folder, "there is no folder in it: each class is a folder of its pictures", null);
        }
        refuseParts(folder, classes);
        LeftOut leftOut = new LeftOut();
        try (Stream<Path> inside = Files.list(folder)) {
            leftOut.add(inside.filter(ImageFolder::isPicture).count(), "in no class's folder");
        }
        List<String> names = new ArrayList<>();
        int[] ends = new int[classes.size()];
        for (int c = 0; c < ends.length; c++) {
            LeftOut here = new LeftOut();
            List<String> own = pictures(folder.resolve(classes.get(c)), here);
            if (own.isEmpty()) {
                throw new DataFileException(folder.resolve(classes.get(c)),
                        "there is no PNG or JPEG file in this class's folder" + (here.isEmpty() ? "" : ": there are " + here), null);
            }
            leftOut.add(here);
            names.addAll(own);
            ends[c] = names.size();
        }
        return new ImageFolder(folder, classes, names, ends, true, leftOut.notes(folder));
    }

    /// All pictures anywhere in a folder, turned upright as their EXIF says, for those who do not look at labels. Those in sub-folders are
    /// of classes as [#open] has them; those in the folder itself are of a class without a name.
    ///
    /// @throws DataFileException when there is no picture
    public static ImageFolder unlabelled(Path folder) throws IOException {
        LeftOut leftOut = new LeftOut();
        Map<String, List<String>> byClass = new TreeMap<>();
        for (String name : pictures(folder, leftOut)) {
            Path file = Path.of(name);
            boolean direct = file.getNameCount() == 1;
            byClass.computeIfAbsent(direct ? "" : file.getName(0).toString(), _ -> new ArrayList<>())
                    .add(direct ? name : file.subpath(1, file.getNameCount()).toString());
        }
        if (byClass.isEmpty()) {
            throw new DataFileException(folder, "there is no PNG or JPEG file in it" + (leftOut.isEmpty() ? "" : ": there are " + leftOut),
                    null);
        }
        List<String> names = new ArrayList<>();
        int[] ends = new int[byClass.size()];
        int c = 0;
        for (List<String> own : byClass.values()) {
            names.addAll(own.stream().sorted().toList());
            ends[c++] = names.size();
        }
        return new ImageFolder(folder, List.copyOf(byClass.keySet()), names, ends, true, leftOut.notes(folder));
    }

    private static void demandFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "there is no such folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
    }

    /// The names of the folders in a folder, sorted, without hidden ones.
    private static List<String> folders(Path folder) throws IOException {
        demandFolder(folder);
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).map(path -> String.valueOf(path.getFileName())).filter(name -> !isHidden(name))
                    .sorted().toList();
        }
    }

    /// Folders that are all called as parts of a data set are, and have folders in them, are no classes.
    private static void refuseParts(Path folder, List<String> classes) throws IOException {
        for (String name : classes) {
            if (!PARTS.contains(name.toLowerCase(Locale.ROOT)) || folders(folder.resolve(name)).isEmpty()) {
                return;
            }
        }
        throw new DataFileException(folder, "its folders, " + String.join(", ", classes)
                + ", are parts of a data set, each with folders of its own, and no classes: open one of them", null);
    }

    /// The paths of all pictures below a folder, sorted.
    private static List<String> pictures(Path folder, LeftOut leftOut) throws IOException {
        demandFolder(folder);
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            files.filter(Files::isRegularFile).map(folder::relativize).forEach(file -> {
                String name = String.valueOf(file.getFileName());
                if (isHidden(name)) {
                    leftOut.add(ENDINGS.contains(ending(name)) ? 1 : 0, "hidden");
                } else if (StreamSupport.stream(file.spliterator(), false).anyMatch(part -> isHidden(part.toString()))) {
                    leftOut.add(1, "in hidden folders");
                } else if (ENDINGS.contains(ending(name))) {
                    found.add(file.toString());
                } else {
                    leftOut.add(1, ending(name).isEmpty() ? "without an ending" : ending(name));
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Collections.sort(found);
        return found;
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".") || name.equals("__MACOSX");
    }

    private static boolean isPicture(Path file) {
        String name = String.valueOf(file.getFileName());
        return !isHidden(name) && ENDINGS.contains(ending(name)) && Files.isRegularFile(file);
    }

    /// `.png`, in lower case; empty for none.
    private static String ending(String name) {
        return name.lastIndexOf('.') < 0 ? "" : name.substring(name.lastIndexOf('.')).toLowerCase(Locale.ROOT);
    }

    /// Counts of files that are no examples, by why: `20 .bmp, 3 in hidden folders`.
    private static final class LeftOut {
        private final Map<String, Long> counts = new TreeMap<>();

        void add(long files, String why) {
            if (files > 0) {
                counts.merge(why, files, Long::sum);
            }
        }

        void add(LeftOut other) {
            other.counts.forEach((why, files) -> add(files, why));
        }

        boolean isEmpty() {
            return counts.isEmpty();
        }

        List<String> notes(Path folder) {
            return isEmpty() ? List.of() : List.of(folder + ": left out: " + this + "; PNG and JPEG files are read");
        }

        @Override
        public String toString() {
            return counts.entrySet().stream().map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
                    .collect(Collectors.joining(", "));
        }
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    /// The same pictures as they are stored, whatever their EXIF says about turning them: as torchvision reads them.
    public ImageFolder asStored() {
        return new ImageFolder(folder, classNames, names, ends, false, notes);
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
