package dev.headstart.cli.data;

import dev.headstart.images.Pictures;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Pictures that were named one by one, without labels.
///
/// @param files of the pictures
public record PictureFiles(List<Path> files) implements LabelledImages {
    @Override
    public int size() {
        return files.size();
    }

    @Override
    public int label(int example) {
        return 0;
    }

    @Override
    public List<String> classNames() {
        return List.of("");
    }

    @Override
    public Image image(int example) throws IOException {
        return Pictures.read(files.get(example));
    }
}
