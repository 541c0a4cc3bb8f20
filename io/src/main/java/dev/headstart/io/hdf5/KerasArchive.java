package dev.headstart.io.hdf5;

import dev.headstart.io.format.Contents;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.io.zip.ArchiveFormat;
import dev.headstart.io.zip.ZipArchive;
import dev.headstart.io.zip.ZipArchive.Member;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// A model of Keras 3 (`.keras`): a zip file whose member `model.weights.h5` is HDF5, read where it is. So it must be there as it is: Keras
/// stores it, other programs that pack the file anew may deflate it. The member `config.json`, the model's configuration, is the metadata
/// `model_config`, as attributes call it in whole models of HDF5; what `metadata.json` says of versions is metadata too.
public final class KerasArchive implements ArchiveFormat {
    private static final String WEIGHTS = "model.weights.h5";
    private static final String CONFIGURATION = "config.json";
    private static final String VERSIONS = "metadata.json";
    private static final int LONGEST = 1 << 26;
    private static final int HEAP_PER_BYTE = 4;

    @Override
    public String name() {
        return Hdf5Format.NAME;
    }

    @Override
    public boolean recognises(ZipArchive archive) {
        return archive.members().containsKey(WEIGHTS);
    }

    @Override
    public Contents read(ZipArchive archive) throws IOException {
        Member weights = Objects.requireNonNull(archive.members().get(WEIGHTS), "an archive that matches");
        if (weights.deflated()) {
            String problem = "Keras: " + WEIGHTS + " is deflated: unzip the file and open that";
            throw new WeightFormatException(archive.source().file(), weights.begin(), problem, null);
        }
        Contents contents = Hdf5Tree.read("keras", archive.source(), weights.begin(), weights.end());
        Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
        Member configuration = archive.members().get(CONFIGURATION);
        if (configuration != null) {
            metadata.putIfAbsent("model_config", text(archive, configuration));
        }
        Member versions = archive.members().get(VERSIONS);
        if (versions != null && object(archive, versions) instanceof Json.Obj object) {
            object.members().forEach((name, value) -> metadata.putIfAbsent(name, value instanceof Json.Str(String text)
                    ? text
                    : value.compact()));
        }
        return new Contents(contents.format(), contents.entries(), metadata, contents.refused());
    }

    private static String text(ZipArchive archive, Member member) throws IOException {
        return new String(archive.bytes(member, LONGEST, HEAP_PER_BYTE), StandardCharsets.UTF_8);
    }

    private static Json object(ZipArchive archive, Member member) throws IOException {
        try {
            return Json.parse(text(archive, member));
        } catch (JsonException e) {
            throw archive.refused(member.begin(), "member \"" + member.name() + "\": " + e.getMessage(), e);
        }
    }
}
