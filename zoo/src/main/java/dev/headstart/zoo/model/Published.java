package dev.headstart.zoo.model;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.Weights;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A model whose weights people publish. Its parameters have the published names; only the order of their axes may differ.
///
/// ```java
/// ResNet resnet = ResNet.of(50, 1000, RandomStream.of(1));
/// resnet.load(Weights.open(Path.of("resnet50.safetensors")));
/// ```
public interface Published extends Part {
    /// What it is called: `ResNet-50`.
    String architecture();

    /// Whose files its weights are published in.
    default FileFamily files() {
        return FileFamily.PYTORCH;
    }

    /// The published order of each parameter's axes, by the parameter's name.
    default Function<String, Layout> layouts() {
        Parts parts = parts();
        return parameter -> files().layout(parts.kind(parameter));
    }

    /// The published order of a parameter's axes. [#layouts] gathers the parts once for many.
    default Layout layout(String parameter) {
        return layouts().apply(parameter);
    }

    /// Names under which files may have a parameter once more, each with the parameter's own name: tied weights.
    default Map<String, String> aliases() {
        return parts().aliases();
    }

    /// The beginning, dot included, that names have in some files and lack in others (`bert.`, `transformer.`); empty when there is none.
    default String prefix() {
        return "";
    }

    /// Today's name of a tensor that some files call otherwise (`LayerNorm.gamma`); the same name when there is nothing to change.
    default String modern(String name) {
        return name;
    }

    /// Whether a tensor of this name is in files without being a weight: constants that were saved along.
    default boolean ignores(String name) {
        return false;
    }

    /// Whether this is a body without the head that such networks usually have.
    default boolean isHeadless() {
        return false;
    }

    /// Whether files may lack this parameter, which then keeps its value: counters that older files do not have.
    default boolean isOptional(String parameter) {
        return PublishedFile.isCounter(parameter);
    }

    /// Loads a file: every parameter must be there, every tensor wanted, every shape equal. Names may have `module.`, `_orig_mod.` and the
    /// like, which PyTorch's wrappers put into them, and have or lack [#prefix]. What profilers and averages count beside the weights is left.
    /// Nothing is read before all was found to fit; then tensors are read one by one, and become the parameters' own without being copied
    /// unless their values were asked for before. [dev.headstart.zoo.Architectures#find] finds the part of a file that is a network.
    ///
    /// @throws dev.headstart.nn.transfer.TransferException when something does not fit; then nothing was changed
    /// @throws IOException when the file cannot be read; then the parameters before the failing one, in their order, have the file's values
    default TransferReport load(Weights weights) throws IOException {
        return load(weights, transfer -> transfer);
    }

    /// [#load] with exceptions: `model.load(weights, t -> t.allowMissing("fc.**").onMismatch(Transfer.Policy.SKIP))` keeps a new head.
    ///
    /// @throws dev.headstart.nn.transfer.TransferException when something does not fit; then nothing was changed
    /// @throws IOException when the file cannot be read; then the parameters before the failing one, in their order, have the file's values
    default TransferReport load(Weights weights, UnaryOperator<Transfer> exceptions) throws IOException {
        return PublishedFile.of(this, weights).load(exceptions);
    }

    /// The parameters under their published names and in their published layouts, tied ones under each of their names: what
    /// [dev.headstart.io.SafeTensors#write] makes a file of. Views of the parameters: later training changes them.
    default Map<String, Tensor> export() {
        Parameters parameters = parameters();
        Function<String, Layout> layouts = layouts();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> tensors.put(name, layouts.apply(name).toPublished(parameter.value())));
        aliases().forEach((other, name) -> tensors.put(other, layouts.apply(name).toPublished(parameters.get(name).value())));
        return tensors;
    }
}
