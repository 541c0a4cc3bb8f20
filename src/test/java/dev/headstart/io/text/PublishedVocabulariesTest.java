package dev.headstart.io.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.Shared;
import dev.headstart.io.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The vocabularies of BERT and GPT-2 against what Hugging Face's library answers with them, on short texts and on whole files of real text.
@Tag("shared")
class PublishedVocabulariesTest {
    @Test
    void bert_uncased_agrees() throws IOException {
        Optional<Path> vocabulary = Shared.find("data/tokenizers/bert_base_uncased_vocab.txt");
        if (vocabulary.isPresent()) {
            agrees("uncased", WordPiece.uncased(vocabulary.get()));
        }
    }

    @Test
    void bert_cased_agrees() throws IOException {
        Optional<Path> vocabulary = Shared.find("data/tokenizers/bert_base_cased_vocab.txt");
        if (vocabulary.isPresent()) {
            agrees("cased", WordPiece.cased(vocabulary.get()));
        }
    }

    @Test
    void gpt2_agrees() throws IOException {
        Optional<Path> vocabulary = Shared.find("data/tokenizers/gpt2_vocab.json");
        Optional<Path> merges = Shared.find("data/tokenizers/gpt2_merges.txt");
        if (vocabulary.isPresent() && merges.isPresent()) {
            agrees("gpt2", BytePairEncoding.open(vocabulary.get(), merges.get()));
        }
    }

    private static void agrees(String name, Tokenizer tokenizer) throws IOException {
        Json.Obj expected = Expected.read("published.json").object(name);
        for (Json.Obj one : Expected.objects(expected, "cases")) {
            String text = one.string("text");
            assertArrayEquals(Expected.integers(one, "ids"), tokenizer.encode(text).ids(), Expected.quoted(text));
        }
        for (String file : expected.object("files").members().keySet()) {
            Optional<Path> path = Shared.find("data/text/" + file);
            if (path.isPresent()) {
                Json.Obj digest = expected.object("files").object(file);
                String text = Files.readString(path.get());
                Encoding encoding = tokenizer.encode(text);
                assertEquals(digest.integer("tokens"), encoding.length(), file);
                assertEquals(digest.string("digest"), digest(encoding.inCodePoints(text)), file);
            }
        }
    }

    private static String digest(Encoding encoding) {
        MessageDigest digest = Expected.sha256();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < encoding.length(); i++) {
            lines.append(encoding.id(i)).append(' ').append(encoding.start(i)).append(' ').append(encoding.end(i)).append('\n');
        }
        Expected.update(digest, lines.toString());
        return Expected.hex(digest);
    }
}
