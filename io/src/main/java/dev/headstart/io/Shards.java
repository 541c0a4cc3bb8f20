package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Region;
import dev.headstart.io.file.Source;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.io.json.stream.JsonReader;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// One model in several weight files, with an index that says which tensor is in which:
/// `{"metadata": {"total_size": 13}, "weight_map": {"fc.weight": "model-00001-of-00002.safetensors", …}}`.
///
/// The files lie beside the index; a name that leads elsewhere is refused before it is looked at. All share one budget of heap. Each file
/// must have exactly the tensors that the index gives to it. Places in [#infos] are places in the file of that tensor.
final class Shards implements Weights {
    /// Names of what a model's folder holds: one of these. safetensors comes before PyTorch, as transformers has it.
    private static final List<List<String>> MODELS = List.of(List.of("model.safetensors.index.json", "model.safetensors"),
            List.of("pytorch_model.bin.index.json", "pytorch_model.bin"));
    private static final int HEAP_PER_BYTE = 16;
    private static final int MAX_LENGTH = 100_000_000;

    private final Path file;
    private final Map<String, WeightFile> shards;
    private final Map<String, TensorInfo> infos;
    private final Map<String, String> metadata;

    private Shards(Path file, Map<String, WeightFile> shards, Map<String, TensorInfo> infos, Map<String, String> metadata) {
        this.file = file;
        this.shards = shards;
        this.infos = Collections.unmodifiableMap(infos);
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /// The weight file or index in a model's folder.
    static Path in(Disk disk, Path folder) throws IOException {
        for (List<String> kind : MODELS) {
            List<String> found = new ArrayList<>();
            for (String name : kind) {
                if (disk.is(Disk.Kind.FILE, folder.resolve(name))) {
                    found.add(name);
                }
            }
            if (found.size() > 1) {
                String both = String.join(" and ", found);
                throw new WeightFormatException(folder, 0, "a folder with both " + both + ": open one of them", null);
            }
            if (!found.isEmpty()) {
                return folder.resolve(found.getFirst());
            }
        }
        String other = SavedModels.folder(disk, folder);
        if (other != null) {
            throw new WeightFormatException(folder, 0, "this is " + other, null);
        }
        String names = MODELS.stream().flatMap(List::stream).collect(Collectors.joining(", "));
        throw new WeightFormatException(folder, 0, "a folder without " + names, null);
    }

    /// Whether a file begins like JSON, which no safetensors file does: its header would be longer than allowed.
    static boolean matches(byte[] head) {
        int at = 0;
        while (at < head.length && Character.isWhitespace(head[at])) {
            at++;
        }
        return head.length >= Long.BYTES && at < head.length && head[at] == '{' && head[Long.BYTES - 1] != 0;
    }

    // ---- reading the index ----

    /// What the index says.
    private static final class Index {
        final Map<String, String> files = new LinkedHashMap<>();
        final Map<String, Long> offsets = new LinkedHashMap<>();
        final Map<String, String> metadata = new LinkedHashMap<>();
        final Set<String> seen = new HashSet<>();
    }

    /// Opens the files that an index names.
    static Shards open(Source source) throws IOException {
        Path file = source.file();
        Index index = index(source);
        Map<String, WeightFile> byFile = new LinkedHashMap<>();
        for (Map.Entry<String, Long> shard : index.offsets.entrySet()) {
            try (Source sibling = source.sibling(shard.getKey(), problem -> new WeightFormatException(file, shard.getValue(),
                    problem + " beside the index", null))) {
                byFile.put(shard.getKey(), WeightFile.read(sibling));
            }
        }
        Map<String, WeightFile> shards = new LinkedHashMap<>();
        Map<String, TensorInfo> infos = new LinkedHashMap<>();
        demandAgreement(file, index, byFile);
        index.files.forEach((name, shard) -> {
            WeightFile weights = Objects.requireNonNull(byFile.get(shard));
            shards.put(name, weights);
            infos.put(name, weights.info(name));
        });
        byFile.values().forEach(weights -> weights.metadata().forEach(index.metadata::putIfAbsent));
        return new Shards(file, shards, infos, index.metadata);
    }

    private static Index index(Source source) throws IOException {
        Path file = source.file();
        long size = source.size();
        if (size > MAX_LENGTH) {
            throw new WeightFormatException(file, 0, "an index of " + size + " bytes, the limit is " + MAX_LENGTH, null);
        }
        source.budget().read(size, shortage -> new WeightFormatException(file, 0, "an index of " + size + " bytes" + shortage, null));
        source.budget().allocate(HEAP_PER_BYTE * size, shortage -> new WeightFormatException(file, 0, "an index of " + size
                + " bytes may fill the heap: raise it with -Xmx" + shortage, null));
        Index index = new Index();
        try {
            JsonReader json = new JsonReader(new Region(source, 0, size), 0, size, source.budget());
            json.object(index.seen::contains, name -> {
                index.seen.add(name);
                switch (name) {
                    case "weight_map" -> json.object(index.files::containsKey, tensor -> place(json, index, tensor));
                    case "metadata" -> json.object(index.metadata::containsKey, key -> index.metadata.put(key, text(json.value())));
                    default -> json.skip();
                }
            });
            json.end();
        } catch (JsonException e) {
            throw new WeightFormatException(file, e.offset(), "index of weight files: " + e.problem(), e);
        }
        if (!index.seen.contains("weight_map")) {
            throw new WeightFormatException(file, 0, "this is JSON without a weight_map, no index of weight files (the formats read are "
                    + Formats.READ + ")", null);
        }
        return index;
    }

    private static void place(JsonReader json, Index index, String tensor) throws IOException {
        long offset = json.nextOffset();
        String name = json.string();
        index.files.put(tensor, name);
        index.offsets.putIfAbsent(name, offset);
    }

    private static String text(Json value) {
        return value instanceof Json.Str(String text) ? text : value.compact();
    }

    private static void demandAgreement(Path file, Index index, Map<String, WeightFile> byFile) throws WeightFormatException {
        for (Map.Entry<String, String> tensor : index.files.entrySet()) {
            WeightFile shard = Objects.requireNonNull(byFile.get(tensor.getValue()));
            if (!shard.infos().containsKey(tensor.getKey())) {
                throw disagreement(file, index, tensor.getValue(), tensor.getKey(), " should be in, and is not");
            }
        }
        for (Map.Entry<String, WeightFile> shard : byFile.entrySet()) {
            for (String name : shard.getValue().names()) {
                if (!shard.getKey().equals(index.files.get(name))) {
                    throw disagreement(file, index, shard.getKey(), name, " is in, and the index does not say so");
                }
            }
        }
    }

    private static WeightFormatException disagreement(Path file, Index index, String shard, String tensor, String problem) {
        return new WeightFormatException(file, Objects.requireNonNull(index.offsets.get(shard)), "\"" + Source.abridged(shard)
                + "\" and the index disagree: tensor \"" + Source.abridged(tensor) + "\"" + problem, null);
    }

    // ---- as weights ----

    @Override
    public Path file() {
        return file;
    }

    @Override
    public String format() {
        return "sharded " + shards.values().stream().map(WeightFile::format).findFirst().orElse("");
    }

    @Override
    public Map<String, TensorInfo> infos() {
        return infos;
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public Tensor tensor(String name) throws IOException {
        return shard(name).tensor(name);
    }

    @Override
    public Tensor nearest(String name) throws IOException {
        return shard(name).nearest(name);
    }

    @Override
    public Indices indices(String name) throws IOException {
        return shard(name).indices(name);
    }

    private WeightFile shard(String name) {
        return Objects.requireNonNull(shards.get(info(name).name()), "a shard for each info");
    }

    @Override
    public Map<String, Tensor> tensors() throws IOException {
        Map<WeightFile, Map<String, Tensor>> read = new HashMap<>();
        for (WeightFile shard : new LinkedHashSet<>(shards.values())) {
            read.put(shard, shard.tensors());
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        shards.forEach((name, shard) -> tensors.put(name, Objects.requireNonNull(Objects.requireNonNull(read.get(shard)).get(name))));
        return tensors;
    }

    @Override
    public String toString() {
        return file + " (" + format() + ", " + infos.size() + " tensors)";
    }
}
