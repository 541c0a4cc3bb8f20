package dev.headstart.train.tuning;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Fields;
import dev.headstart.nn.Part;
import dev.headstart.nn.adapt.Additions;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.nn.transfer.TransferSource;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// LoRA's parameters as a small folder of their own, in peft's format: `adapter_model.safetensors` with names such as
/// `base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight` (`[rank, in]`, `lora_B` `[out, rank]`), and
/// `adapter_config.json` with `r` and `lora_alpha`. A new head may be saved along.
///
/// Layers may have ranks and alphas of their own (`rank_pattern`, `alpha_pattern`), and a scale that grows with the rank's root
/// (`use_rslora`, Kalajdzievski 2023, arXiv 2312.03732). Refused by name are other kinds, such as DoRA, and fields that are not known.
///
/// Source: peft 0.18, `LoraConfig` and `get_pattern_key`.
public final class LoraFile {
    /// What is done with each field of `adapter_config.json`.
    public static final Fields FIELDS = LoraSettings.FIELDS;

    private static final String PREFIX = "base_model.model.";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String CONFIG = "adapter_config.json";

    private LoraFile() {}

    /// Writes LoRA's parameters to a folder.
    ///
    /// @param besides parameters that are saved along, by their names in the model: a new head; may be empty
    public static void save(Path folder, Additions lora, Parameters besides) throws IOException {
        if (lora.ranks().isEmpty()) {
            throw new IllegalArgumentException("lora file: " + lora.layers().keySet() + " have adapters, not low-rank changes");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        lora.parameters().byName().forEach((name, parameter) -> tensors.put(PREFIX + name, parameter.value()));
        besides.byName().forEach((name, parameter) -> tensors.put(PREFIX + name, parameter.value()));
        List<String> heads = besides.byName().keySet().stream().map(LoraFile::layer).distinct().toList();
        Files.createDirectories(folder);
        SafeTensors.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
        LoraSettings.write(folder.resolve(CONFIG), lora.ranks(), heads);
    }

    private static String layer(String parameter) {
        int dot = parameter.lastIndexOf('.');
        return dot < 0 ? parameter : parameter.substring(0, dot);
    }

    /// Adds LoRA to the layers of a model that the folder has it for, with its values, and loads what was saved along.
    ///
    /// @throws IOException when it is no such folder, or a kind of LoRA that is not read
    /// @throws IllegalArgumentException when the model has no such layers, or the shapes differ; then it is as it was
    public static Additions load(Path folder, Part model) throws IOException {
        Path file = folder.resolve(WEIGHTS);
        Weights weights = Weights.open(file);
        List<String> layers = weights.names().stream().filter(name -> name.endsWith(".lora_A.weight"))
                .map(name -> bare(name.substring(0, name.length() - ".lora_A.weight".length()))).toList();
        if (layers.isEmpty()) {
            throw new IOException(file + ": no tensor's name ends in .lora_A.weight: it is no LoRA");
        }
        Additions lora = Additions.lora(model, LoraSettings.read(folder.resolve(CONFIG)).ranks(layers), RandomStream.of(0));
        try {
            Set<String> wanted = Set.copyOf(weights.names().stream().map(LoraFile::bare).toList());
            Map<String, Parameter> targets = new LinkedHashMap<>(model.parameters().byName());
            targets.keySet().retainAll(wanted);
            TransferReport report = Transfer.into("LoRA", Parameters.of(targets)).rename(LoraFile::bare).from(file.toString(),
                    TransferSource.of(weights.names(), weights::shape, weights::tensor));
            if (report.loaded().size() < 2 * layers.size()) {
                throw new IOException(file + ": " + report.summary());
            }
            return lora;
        } catch (IOException | IllegalArgumentException e) {
            lora.remove();
            throw e;
        }
    }

    private static String bare(String name) {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }
}
