package dev.headstart.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.Shared;
import dev.headstart.io.json.Json;
import dev.headstart.task.goal.Ranking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders that were refused, or read wrongly, with the numbers computed in double.
@Tag("shared")
class SharedTextCasesTest {
    @ParameterizedTest
    @ValueSource(strings = {"c01_roberta_tokenizer/tokenizer_json", "c01_roberta_tokenizer/vocab_merges",
        "c01_roberta_tokenizer/vocab_merges_with_endoftext", "c07_letter_case/cased_vocabulary_alone",
        "c17_small_refusals/no_mask", "c17_small_refusals/untied"})
    void a_folder_predicts_what_was_computed_in_double(String name) throws IOException {
        Optional<Path> found = Shared.find("cases/" + name);
        if (found.isPresent()) {
            Predict predict = Predict.with(found.get());
            List<Json> right = ((Json.Arr) Json.read(found.get().resolve("RIGHT.json"))).items();
            for (Json item : right) {
                Json.Obj text = (Json.Obj) item;
                double highest = text.array("softmax").stream().mapToDouble(json -> ((Json.Real) json).value()).max().orElseThrow();
                Ranking ranking = predict.texts().of(text.string("text"));
                assertEquals(highest, ranking.probability(), 1e-5, text.string("text"));
            }
        }
    }
}
