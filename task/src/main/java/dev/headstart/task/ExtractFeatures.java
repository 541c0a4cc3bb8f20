package dev.headstart.task;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.nn.conv.AdaptiveAvgPool2d;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.model.Capabilities;
import dev.headstart.task.model.ImageFit;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workspace;
import dev.headstart.train.TrainingListener;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.own.TextEncoder;
import dev.headstart.zoo.text.bert.BertNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a network makes of examples, a row of numbers for each. Of images: what the head sees, or a stage's mean over the image. Of texts,
/// with BERT: the mean of the tokens' vectors, or that of the first token, after any layer.
///
/// ```java
/// LabelledImages images = …;
/// Tensor rows = ExtractFeatures.with(pretrained).layer("layer3").of(images).rows();
/// ```
///
/// An `ExtractFeatures` is immutable: each method gives another one.
public final class ExtractFeatures {
    private static final int BATCH = 32;

    private final Pretrained model;
    private final @Nullable String layer;
    private final boolean firstToken;
    private final @Nullable Integer resize;
    private final @Nullable Integer maxLength;
    private final TrainingListener listener;

    private ExtractFeatures(Pretrained model, @Nullable String layer, boolean firstToken, @Nullable Integer resize,
            @Nullable Integer maxLength, TrainingListener listener) {
        this.model = model;
        this.layer = layer;
        this.firstToken = firstToken;
        this.resize = resize;
        this.maxLength = maxLength;
        this.listener = listener;
    }

    /// What was made.
    ///
    /// @param architecture what the network is, in words
    /// @param rows `[examples, width]`, in the order of the examples
    public record Result(String architecture, Tensor rows) {}

    /// Features of the last layer.
    public static ExtractFeatures with(Pretrained model) {
        return new ExtractFeatures(model, null, false, null, null, TrainingListener.NONE);
    }

    /// After which layer: a stage of a network for images, `layer3`; a layer of BERT, from 0, the embeddings, up; null for the last.
    public ExtractFeatures layer(@Nullable String name) {
        return new ExtractFeatures(model, name, firstToken, resize, maxLength, listener);
    }

    /// Of texts, the first token's vector instead of the mean.
    public ExtractFeatures firstToken(boolean first) {
        return new ExtractFeatures(model, layer, first, resize, maxLength, listener);
    }

    /// Images are resized to this shorter side, and a square of it is cut out; null for what the network expects.
    public ExtractFeatures resize(@Nullable Integer side) {
        return new ExtractFeatures(model, layer, firstToken, side, maxLength, listener);
    }

    /// Texts are cut to this number of tokens; null for as many as the network takes, at most 128.
    public ExtractFeatures maxLength(@Nullable Integer tokens) {
        return new ExtractFeatures(model, layer, firstToken, resize, tokens, listener);
    }

    /// Hears how far it is.
    public ExtractFeatures listener(TrainingListener other) {
        return new ExtractFeatures(model, layer, firstToken, resize, maxLength, other);
    }

    private interface Rows {
        Variable of(int[] examples) throws IOException;
    }

    /// Batch by batch, without recording.
    private Tensor collect(int examples, Rows rows) throws IOException {
        if (examples == 0) {
            throw new IOException("there are no examples to make features of");
        }
        listener.began("features", 0, Math.ceilDiv(examples, BATCH));
        Workspace workspace = new Workspace();
        List<Tensor> parts = new ArrayList<>();
        try {
            for (int at = 0; at < examples; at += BATCH) {
                int[] some = IntStream.range(at, Math.min(examples, at + BATCH)).toArray();
                Tensor part = workspace.call(() -> Mode.inference(() -> {
                    try {
                        Tensor found = rows.of(some).value();
                        return new Copied(found.shape(), found.toArray());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })).tensor();
                parts.add(part);
                listener.stepped(some.length, Double.NaN);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        listener.ended();
        return Tensor.concat(0, parts.toArray(Tensor[]::new));
    }

    /// Numbers that outlive a workspace.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Copied(Shape shape, float[] values) {
        Tensor tensor() {
            return Tensor.wrap(shape, values);
        }
    }

    /// Features of images, one row for each.
    ///
    /// @throws IOException when the network has no features of images, or one cannot be read
    public Result of(LabelledImages images) throws IOException {
        Capabilities loaded = model.load();
        ImageClassifier classifier = loaded.demandClassifier();
        Preprocessing preprocessing = ImageFit.of(classifier, model.preprocessing(classifier, resize), images);
        return new Result(loaded.architecture(), collect(images.size(), examples -> {
            Map<String, Variable> states = new LinkedHashMap<>();
            Variable last = classifier.features(Variable.of(images.batch(examples, preprocessing)), states::put);
            Variable stage = layer == null ? null : states.get(layer);
            if (layer != null && stage == null) {
                throw new IOException("layer " + layer + ": the stages of this network are " + String.join(", ", states.keySet()));
            }
            return stage == null ? last : AdaptiveAvgPool2d.global().forward(stage).reshape(examples.length, stage.shape().dim(3));
        }));
    }

    /// Features of texts, one row for each.
    ///
    /// @throws IOException when the network is neither a BERT nor a character encoder
    public Result of(List<String> texts) throws IOException {
        Optional<TextModelFolder> characters = model.characters();
        if (characters.isPresent()) {
            return of(characters.get(), texts);
        }
        model.demandTexts();
        Capabilities loaded = model.load();
        BertNetwork<?> network = loaded.bert().orElseThrow(
                () -> new IOException(model.from() + ": " + loaded.architecture() + " reads no texts here: a BERT is needed"));
        Tokenizer known = model.tokenizer(maxLength, network.config().maxLength(), network.config().vocabulary());
        List<int[]> sequences = texts.stream().map(text -> known.encode(text).ids()).toList();
        int layers = network.config().layers();
        int wanted = layer == null ? layers : layer.matches("\\d{1,4}") ? Integer.parseInt(layer) : -1;
        if (wanted < 0 || wanted > layers) {
            throw new IOException("layer " + layer + ": the layers of this network are 0, the embeddings, to " + layers);
        }
        return new Result(loaded.architecture(), collect(sequences.size(), examples -> {
            TokenBatch batch = TokenBatch.of(IntStream.of(examples).mapToObj(sequences::get).toList(), network.config().padding());
            List<Variable> states = new ArrayList<>();
            network.bert().forward(batch, states::add);
            Variable x = states.get(wanted); // [batch, time, width]
            return firstToken ? x.slice(1, 0, 1).reshape(examples.length, network.config().width()) : mean(x, batch);
        }));
    }

    /// Of a character encoder the last layer.
    private Result of(TextModelFolder folder, List<String> texts) throws IOException {
        if (layer != null) {
            throw new IOException("layer " + layer + ": a character encoder has features of its last layer only: leave it out");
        }
        TextEncoder encoder = folder.encoder();
        int length = maxLength == null ? folder.config().maxLength() : Math.min(maxLength, folder.config().maxLength());
        List<int[]> sequences = texts.stream().map(text -> folder.vocabulary().encode(text, length)).toList();
        return new Result("character encoder", collect(sequences.size(), examples -> {
            TokenBatch batch = TokenBatch.of(IntStream.of(examples).mapToObj(sequences::get).toList(), CharVocabulary.PADDING);
            return firstToken
                    ? encoder.forward(batch).slice(1, 0, 1).reshape(examples.length, encoder.width())
                    : encoder.features(batch);
        }));
    }

    /// The mean of each sequence's tokens, padding left out.
    private static Variable mean(Variable x, TokenBatch batch) {
        Tensor kept = batch.kept();
        if (kept == null) {
            return x.mean(1);
        }
        Tensor counts = kept.sum(1).reshape(batch.size(), 1);
        return x.times(Variable.of(kept.reshape(batch.size(), batch.time(), 1))).sum(1).dividedBy(Variable.of(counts));
    }
}
