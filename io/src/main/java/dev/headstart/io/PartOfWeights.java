package dev.headstart.io;

import dev.headstart.io.weights.TensorInfo;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Some of a file's tensors, under other names than the file has for them.
final class PartOfWeights implements Weights {
    private final Weights whole;
    private final Map<String, String> own;
    private final Map<String, TensorInfo> infos;

    /// @param names for each name in the part, the file's
    PartOfWeights(Weights whole, Map<String, String> names) {
        this.whole = whole;
        this.own = new LinkedHashMap<>(names);
        Map<String, TensorInfo> renamed = new LinkedHashMap<>();
        names.forEach((name, inFile) -> {
            TensorInfo info = whole.info(inFile);
            renamed.put(name, new TensorInfo(name, info.dtype(), info.extents(), info.begin(), info.end()));
        });
        this.infos = Collections.unmodifiableMap(renamed);
    }

    private String inFile(String name) {
        return Objects.requireNonNull(own.get(info(name).name()), "a name in the file for each info");
    }

    @Override
    public Path file() {
        return whole.file();
    }

    @Override
    public String format() {
        return whole.format();
    }

    @Override
    public String wrapper() {
        return whole.wrapper();
    }

    @Override
    public Map<String, TensorInfo> infos() {
        return infos;
    }

    @Override
    public Map<String, String> metadata() {
        return whole.metadata();
    }

    @Override
    public Tensor tensor(String name) throws IOException {
        return whole.tensor(inFile(name));
    }

    @Override
    public Tensor nearest(String name) throws IOException {
        return whole.nearest(inFile(name));
    }

    @Override
    public Indices indices(String name) throws IOException {
        return whole.indices(inFile(name));
    }

    @Override
    public Map<String, Tensor> tensors() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : infos.keySet()) {
            tensors.put(name, tensor(name));
        }
        return tensors;
    }

    @Override
    public String toString() {
        return whole.file() + " (" + format() + ", " + infos.size() + " of " + whole.infos().size() + " tensors)";
    }
}
