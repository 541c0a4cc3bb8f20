package dev.headstart.task.model;

import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.folder.WrongKindException;
import dev.headstart.zoo.keras.KerasModel;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.bert.BertNetwork;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a loaded network can do: the one place that looks at the type of a network.
public final class Capabilities {
    private final Pretrained from;
    private final String architecture;
    private final Published network;

    Capabilities(Pretrained from, String architecture, Published network) {
        this.from = from;
        this.architecture = architecture;
        this.network = network;
    }

    /// What the network is, in words.
    public String architecture() {
        return architecture;
    }

    /// The network.
    public Published network() {
        return network;
    }

    /// As a classifier of images whose head can be replaced.
    public Optional<ImageClassifier> classifier() {
        return as(ImageClassifier.class);
    }

    /// As a classifier of images whose head can be replaced.
    ///
    /// @throws IOException when it is none
    public ImageClassifier demandClassifier() throws IOException {
        if (bert().isPresent() || languageModel().isPresent()) {
            throw new WrongKindException(from.from().toString(), architecture, WrongKindException.Reads.TEXTS);
        }
        return classifier().orElseThrow(
                () -> new IOException(from.from() + ": " + architecture + " has no head for images that could be replaced"));
    }

    /// As a model that Keras described.
    Optional<KerasModel> keras() {
        return as(KerasModel.class);
    }

    /// As a BERT, whatever its head is.
    public Optional<BertNetwork<?>> bert() {
        return network instanceof BertNetwork<?> bert ? Optional.of(bert) : Optional.empty();
    }

    /// As a BERT that labels texts.
    public Optional<BertForSequenceClassification> textClassifier() {
        return as(BertForSequenceClassification.class);
    }

    /// As a language model that continues texts.
    public Optional<Gpt2LanguageModel> languageModel() {
        return as(Gpt2LanguageModel.class);
    }

    /// As a network that classifies images, with what it sees of them.
    ///
    /// @param resize shorter side to resize images to, before a square of it is cut out; null for what the weights expect
    /// @throws IOException when it is none
    public ImageNetwork images(@Nullable Integer resize) throws IOException {
        return from.images(this, resize);
    }

    /// What was guessed of the network, and what was left out of its file: sentences, none for most networks.
    ///
    /// @throws IOException when the file cannot be read
    public List<String> notes() throws IOException {
        Optional<KerasModel> model = keras();
        if (model.isEmpty()) {
            return List.of();
        }
        List<String> notes = new ArrayList<>();
        Preprocessing pixels = model.get().preprocessing();
        notes.add("Keras files do not say how pictures are prepared: this model gets pixels "
                + (pixels.range() == 1 ? "from 0 to 255, since its first layer rescales them" : "from 0 to 1")
                + (pixels.crop() == 0 ? "" : ", of pictures resized to " + pixels.crop() + " pixels, the middle cut out"));
        List<String> skipped = model.get().skipped(from.weights());
        if (!skipped.isEmpty()) {
            notes.add("skipped " + skipped.size() + " tensors of training (" + skipped.getFirst() + (skipped.size() > 1 ? ", …)" : ")"));
        }
        return List.copyOf(notes);
    }

    /// The names of the classes of a network for images, where they are known.
    ///
    /// @throws IOException when they cannot be read
    public Optional<List<String>> classNames() throws IOException {
        return from.classNames(this);
    }

    private <T> Optional<T> as(Class<T> type) {
        return type.isInstance(network) ? Optional.of(type.cast(network)) : Optional.empty();
    }
}
