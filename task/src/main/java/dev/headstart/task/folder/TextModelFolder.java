package dev.headstart.task.folder;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.nn.transfer.TransferSource;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.PublishedFile;
import dev.headstart.zoo.own.TextClassifier;
import dev.headstart.zoo.own.TextEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A folder that holds a text model: what is needed to use it, or to train it further, and nothing else.
///
/// - `config.json`: sizes, the vocabulary, and for a classifier its labels
/// - `encoder.safetensors` (a pre-trained encoder, names `encoder.**`) or `classifier.safetensors` (`encoder.**` and `head.**`)
///
/// @param folder where
/// @param config sizes of the encoder
/// @param vocabulary the characters it knows
/// @param labels of a classifier; empty for an encoder alone
public record TextModelFolder(Path folder, TextEncoder.Config config, CharVocabulary vocabulary, List<String> labels) {
    private static final String FORMAT = "headstart-text-model";
    private static final String CONFIG = "config.json";
    /// The file of an encoder's weights.
    public static final String ENCODER = "encoder.safetensors";
    /// The file of a classifier's weights.
    public static final String CLASSIFIER = "classifier.safetensors";

    public TextModelFolder {
        labels = List.copyOf(labels);
    }

    /// Whether this is such a folder, or is meant as one.
    public static boolean isFolder(Path from) throws IOException {
        Path config = from.resolve(CONFIG);
        return Files.isDirectory(from) && (!Files.exists(config) || Files.readString(config).contains(FORMAT));
    }

    /// Whether this is such a folder.
    public static boolean isWritten(Path from) throws IOException {
        return Files.exists(from.resolve(CONFIG)) && isFolder(from);
    }

    /// The file of its weights: the classifier's, if it is one, else the encoder's.
    public Path weights() {
        return folder.resolve(Files.exists(folder.resolve(CLASSIFIER)) ? CLASSIFIER : ENCODER);
    }

    /// The encoder of this folder, pre-trained or of a classifier, with its weights.
    ///
    /// @throws IOException when its file cannot be read or does not fit
    public TextEncoder encoder() throws IOException {
        TextClassifier classifier = new TextClassifier(config, Math.max(2, labels.size()), RandomStream.of(0));
        transferInto(classifier);
        return classifier.encoder();
    }

    /// Reads what a folder says about its model; weights are read when they are asked for.
    ///
    /// @throws IOException when it is no such folder; the message says what is wrong
    public static TextModelFolder open(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG);
        if (!Files.exists(file)) {
            throw new IOException(folder + ": there is no " + CONFIG + ": it is no folder of a text model");
        }
        try {
            if (!(Json.parse(Files.readString(file)) instanceof Json.Obj root) || !root.string("format").equals(FORMAT)) {
                throw new IOException(file + ": it does not describe a text model (format " + FORMAT + ")");
            }
            Json.Obj sizes = root.object("encoder");
            CharVocabulary vocabulary = CharVocabulary.fromJson(root.get("vocabulary"));
            TextEncoder.Config config = new TextEncoder.Config((int) sizes.integer("vocabulary"), (int) sizes.integer("maxLength"),
                    (int) sizes.integer("width"), (int) sizes.integer("blocks"), (int) sizes.integer("heads"),
                    (int) sizes.integer("hidden"),
                    (float) sizes.number("dropout"));
            if (vocabulary.size() != config.vocabulary()) {
                throw new IOException(file + ": the vocabulary has " + vocabulary.size() + " entries, the encoder " + config.vocabulary());
            }
            List<String> labels = new ArrayList<>();
            for (Json label : root.array("labels")) {
                if (label instanceof Json.Str(String text)) {
                    labels.add(text);
                }
            }
            return new TextModelFolder(folder, config, vocabulary, labels);
        } catch (JsonException | IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /// Writes the configuration and an encoder's weights.
    public void saveEncoder(TextEncoder encoder) throws IOException {
        saveEncoder(encoder, Map.of());
    }

    /// Writes the configuration and an encoder's weights.
    ///
    /// @param metadata texts for the weight file, as [dev.headstart.task.report.ModelCard#metadata]
    public void saveEncoder(TextEncoder encoder, Map<String, String> metadata) throws IOException {
        save(ENCODER, prefixed("encoder.", encoder.parameters()), metadata);
    }

    /// Writes the configuration and a classifier's weights.
    public void saveClassifier(TextClassifier classifier) throws IOException {
        saveClassifier(classifier, Map.of());
    }

    /// Writes the configuration and a classifier's weights.
    ///
    /// @param metadata texts for the weight file, as [dev.headstart.task.report.ModelCard#metadata]
    public void saveClassifier(TextClassifier classifier, Map<String, String> metadata) throws IOException {
        save(CLASSIFIER, prefixed("", classifier.parameters()), metadata);
    }

    private void save(String weights, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        Files.createDirectories(folder);
        SafeTensors.write(folder.resolve(weights), tensors, metadata);
        Json.Obj sizes = Json.object().put("vocabulary", config.vocabulary()).put("maxLength", config.maxLength())
                .put("width", config.width())
                .put("blocks", config.blocks()).put("heads", config.heads()).put("hidden", config.hidden()).put("dropout", config.dropout())
                .build();
        Json.Obj root = Json.object().put("format", FORMAT).put("encoder", sizes).put("labels", Json.strings(labels))
                .put("vocabulary", vocabulary.toJson()).build();
        root.write(folder.resolve(CONFIG));
    }

    /// The classifier of this folder, with its weights.
    ///
    /// @throws IOException when there is none, or its file cannot be read or does not fit
    public TextClassifier classifier() throws IOException {
        if (labels.isEmpty()) {
            throw new IOException(folder + ": this is a pre-trained encoder without labels: fine-tune it first");
        }
        TextClassifier classifier = new TextClassifier(config, labels.size(), RandomStream.of(0));
        loadInto(classifier);
        return classifier;
    }

    private static TransferSource source(Path file) throws IOException {
        return PublishedFile.source(Weights.open(file));
    }

    /// Loads the weights of this folder's classifier, its head too.
    ///
    /// @return what was loaded
    public TransferReport loadInto(TextClassifier classifier) throws IOException {
        Path file = folder.resolve(CLASSIFIER);
        return Transfer.into("classifier", classifier.parameters()).from(file.toString(), source(file));
    }

    /// Loads the pre-trained encoder of this folder into a classifier whose head is new.
    ///
    /// @return what was loaded, missing, unexpected
    public TransferReport transferInto(TextClassifier classifier) throws IOException {
        Path encoder = folder.resolve(ENCODER);
        Path file = Files.exists(encoder) ? encoder : folder.resolve(CLASSIFIER);
        return Transfer.into("classifier", classifier.parameters()).allowMissing("head.**").allowUnexpected("mlm.**")
                .allowUnexpected("head.**")
                .from(file.toString(), source(file).without(name -> name.startsWith("head.")));
    }

    /// The values of parameters by name, with a prefix.
    public static Map<String, Tensor> prefixed(String prefix, Parameters parameters) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> tensors.put(prefix + name, parameter.value()));
        return tensors;
    }
}
