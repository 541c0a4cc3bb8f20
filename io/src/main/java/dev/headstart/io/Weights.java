package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// The named tensors of a weight file, read when asked for.
///
/// Opening reads the file's table of contents only; [#tensor] reads the bytes of that one tensor. Nobody has to close anything: the file is
/// open only while one of these methods runs. Any number of threads may read at once. A file that changed since it was opened is refused,
/// not read with the old table.
///
/// ```java
/// Weights weights = Weights.open(Path.of("encoder.safetensors"));
/// Tensor embedding = weights.tensor("encoder.embedding.weight");
/// ```
public sealed interface Weights permits WeightFile, Shards, PartOfWeights {
    /// Opens a weight file, the index of a model in several, or a folder with one of either: of a folder that has both, safetensors
    /// rather than PyTorch. A file's format is recognised by its content, not by its name.
    ///
    /// - **safetensors**; several with an index (`model.safetensors.index.json`).
    /// - **PyTorch**: what `torch.save` writes, in the zip form and the one before 1.6, and TorchScript. The pickle in it is read, never
    ///   run: a file that names other classes than those of tensors, dictionaries and what training programs keep beside weights (options,
    ///   dates, paths, NumPy's numbers) is refused. Tensors in dictionaries within each other
    ///   have names joined by dots; when all are under one `state_dict`, `model`, `net` or the like, the names they have in there. Texts
    ///   and numbers beside them are in [#metadata]. Sparse, quantized and nested tensors are refused.
    /// - **HDF5** as Keras and h5py write it (`.h5`, `.weights.h5`), also within `.keras`: names are the paths of datasets, in whole models
    ///   below `model_weights`; attributes that are texts are in [#metadata].
    /// - **NumPy**: `.npy`, whose one tensor has the file's name without the ending, and `.npz`, stored or deflated.
    ///
    /// What a file of HDF5 or NumPy has beside tensors that can be read (chunked or packed datasets, texts, objects, links) is not among
    /// the names; asked for by name, it is refused with the reason.
    ///
    /// @throws dev.headstart.io.weights.WeightFormatException when it breaks a rule of its format, or the format is none of those read
    static Weights open(Path file) throws IOException {
        return Formats.open(Disk.real(), file);
    }

    /// The file.
    Path file();

    /// The name of the format: `safetensors`, `pytorch`, `pytorch-legacy`, `torchscript`, `hdf5`, `keras`, `npy`, `npz`; `sharded
    /// safetensors` and the like.
    String format();

    /// What the file says about its tensors, by name, in the order of its table of contents.
    Map<String, TensorInfo> infos();

    /// Texts the file carries beside its tensors; empty when there are none.
    Map<String, String> metadata();

    /// The names, in the order of the table of contents.
    default Set<String> names() {
        return infos().keySet();
    }

    /// The dictionaries that all tensors are in, as their names would begin with them, `state_dict.`: these are left off. Empty when there are
    /// none.
    default String wrapper() {
        return "";
    }

    /// Some of the tensors, under other names. Nothing is read, and nothing copied.
    ///
    /// @param names for each name that a tensor is to have, the name it has here
    /// @throws IllegalArgumentException when there is no tensor of one of these names
    default Weights part(Map<String, String> names) {
        return new PartOfWeights(this, names);
    }

    /// What the file says about one tensor.
    ///
    /// @throws IllegalArgumentException when there is no tensor of this name
    default TensorInfo info(String name) {
        TensorInfo info = infos().get(name);
        if (info == null) {
            throw new IllegalArgumentException(
                    file() + ": no tensor is named \"" + name + "\" among the " + infos().size() + " in the file");
        }
        return info;
    }

    /// The shape of one tensor.
    ///
    /// @throws IllegalArgumentException when there is no tensor of this name
    default Shape shape(String name) {
        return info(name).shape();
    }

    /// Reads one tensor as float32; [dev.headstart.io.weights.Dtype] says how.
    ///
    /// @throws IllegalArgumentException when there is no tensor of this name
    /// @throws dev.headstart.io.weights.WeightFormatException when the file changed, or a value is not one float32 can hold
    Tensor tensor(String name) throws IOException;

    /// Reads one tensor as float32; integers that float32 does not hold are rounded to the nearest: for counts that nothing is computed with.
    ///
    /// @throws IllegalArgumentException when there is no tensor of this name
    /// @throws dev.headstart.io.weights.WeightFormatException when the file changed, or a value is not a number of its type
    Tensor nearest(String name) throws IOException;

    /// Reads one tensor of integers exactly.
    ///
    /// @throws IllegalArgumentException when there is no tensor of this name
    /// @throws dev.headstart.io.weights.WeightFormatException when the file changed, the type is not one of integers, or a value is beyond
    /// int32
    Indices indices(String name) throws IOException;

    /// Reads all tensors as float32, by name, in the order of the table of contents.
    Map<String, Tensor> tensors() throws IOException;
}
