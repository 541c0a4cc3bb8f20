package dev.headstart.zoo.text;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// How texts are gone on with, token by token.
///
/// ```java
/// Gpt2LanguageModel gpt2 = …;
/// List<int[]> prompts = …;
/// Generation generation = new Generation(50, Sampling.PLAIN.withTopP(0.9f), Set.of(50_256));
/// List<Generation.Continuation> texts = generation.of(gpt2, prompts, random, Generation.Listener.NONE);
/// ```
///
/// Prompts may differ in length. Each is gone on with as it would be alone, to the bit: prompt i draws from `random.child(i)`, the token at
/// place t from that stream's words 2t and 2t + 1.
///
/// @param most tokens that are added at most
/// @param sampling how each is chosen
/// @param stops tokens that end a text; they are not part of what is given back
public record Generation(int most, Sampling sampling, Set<Integer> stops) {
    public Generation {
        if (most < 0) {
            throw new IllegalArgumentException("generation: at most " + most + " tokens: the number must not be negative");
        }
        stops = Set.copyOf(stops);
    }

    /// Why a text ended.
    public enum End {
        /// a stop token
        STOP,
        /// as many tokens as were asked for
        LENGTH,
        /// the model has no more positions
        POSITIONS,
        /// the listener had enough
        LISTENER
    }

    /// What was added to a prompt.
    ///
    /// @param tokens without the stop token
    public record Continuation(List<Integer> tokens, End end) {
        public Continuation {
            tokens = List.copyOf(tokens);
        }
    }

    /// Hears of every token as soon as it is there.
    @FunctionalInterface
    public interface Listener {
        /// Listens to nothing.
        Listener NONE = (prompt, token) -> true;

        /// A token was added.
        ///
        /// @param prompt number of the prompt
        /// @return whether to go on with this prompt
        boolean next(int prompt, int token);
    }

    /// Goes on with one prompt, hearing nothing.
    public Continuation of(GenerativeNetwork model, int[] prompt, RandomStream random) {
        return of(model, List.of(prompt), random, Listener.NONE).getFirst();
    }

    /// Goes on with prompts, all together.
    ///
    /// @throws IllegalArgumentException when a prompt has no token, or more than the model has positions
    public List<Continuation> of(GenerativeNetwork model, List<int[]> prompts, RandomStream random, Listener listener) {
        if (prompts.isEmpty()) {
            return List.of();
        }
        List<Text> texts = new ArrayList<>();
        int longest = 0;
        for (int[] prompt : prompts) {
            if (prompt.length == 0 || prompt.length > model.positions()) {
                throw new IllegalArgumentException("generation: prompt " + texts.size() + " has " + prompt.length
                        + " tokens: at least 1 and at most the model's " + model.positions() + " are needed");
            }
            longest = Math.max(longest, prompt.length);
            texts.add(new Text(texts.size(), prompt, random.child(texts.size())));
        }
        int capacity = (int) Math.min(model.positions(), (long) longest + most);
        KeyValueCache cache = model.cache(texts.size(), capacity);
        texts.forEach(text -> text.endIfFull(capacity, model.positions()));
        while (texts.stream().anyMatch(Text::isOpen)) {
            Tensor logits = model.next(unread(texts), texts.stream().mapToInt(Text::unread).toArray(), cache); // [texts, vocabulary]
            for (Text text : texts) {
                if (text.isOpen()) {
                    text.add(logits.slice(0, text.number, text.number + 1).toArray(), listener);
                    text.endIfFull(capacity, model.positions());
                } else {
                    text.read = text.length;
                }
            }
        }
        return texts.stream().map(Text::continuation).toList();
    }

    /// The tokens the model has not seen, with padding behind.
    private static Indices unread(List<Text> texts) {
        int time = Math.max(1, texts.stream().mapToInt(Text::unread).max().orElse(1));
        int[] ids = new int[texts.size() * time];
        for (Text text : texts) {
            System.arraycopy(text.ids, text.read, ids, text.number * time, text.unread());
        }
        return Indices.of(Shape.of(texts.size(), time), ids);
    }

    /// A prompt and what was added.
    private final class Text {
        private final int number;
        private final int prompt; // tokens
        private final RandomStream random;
        private int[] ids;
        private int length;
        private int read;
        private End end = End.LENGTH;
        private boolean open = true;

        Text(int number, int[] prompt, RandomStream random) {
            this.number = number;
            this.prompt = prompt.length;
            this.random = random;
            this.ids = prompt.clone();
            this.length = prompt.length;
        }

        boolean isOpen() {
            return open;
        }

        int unread() {
            return open ? length - read : 0;
        }

        void end(End why) {
            end = why;
            open = false;
        }

        void endIfFull(int capacity, int positions) {
            if (open && length - prompt == most) {
                end(End.LENGTH);
            } else if (open && length == capacity && capacity == positions) {
                end(End.POSITIONS);
            }
        }

        void add(float[] logits, Listener listener) {
            read = length;
            int token = sampling.choose(logits, Arrays.copyOf(ids, length), uniform());
            if (stops.contains(token)) {
                end(End.STOP);
                return;
            }
            ids = length == ids.length ? Arrays.copyOf(ids, 2 * length) : ids;
            ids[length++] = token;
            if (!listener.next(number, token)) {
                end(End.LISTENER);
            }
        }

        /// 53 bits for the next place, in [0, 1).
        private double uniform() {
            long high = random.word(2L * length) & 0xFFFFFFFFL;
            long low = random.word(2L * length + 1) & 0xFFFFFFFFL;
            return ((high << 21) ^ (low >>> 11)) * 0x1p-53;
        }

        Continuation continuation() {
            return new Continuation(Arrays.stream(ids, prompt, length).boxed().toList(), end);
        }
    }
}
