package dev.headstart.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.json.Fields;
import dev.headstart.io.json.Fields.Use;
import dev.headstart.io.json.Json;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.train.tuning.LoraFile;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page about fields of settings says what the code does.
class SettingsFieldsTest {
    private static final Map<String, Fields> FILES = new LinkedHashMap<>();

    static {
        FILES.put("`config.json` of BERT, RoBERTa and DistilBERT", BertConfig.FIELDS);
        FILES.put("`config.json` of GPT-2", Gpt2Config.FIELDS);
        FILES.put("`tokenizer_config.json` beside a plain vocabulary", Tokenizer.SETTINGS);
        FILES.put("`adapter_config.json` of LoRA", LoraFile.FIELDS);
    }

    private static String table(Fields fields) {
        Map<String, List<Fields.Field>> groups = fields.all().stream()
                .collect(Collectors.groupingBy(SettingsFieldsTest::treatment, LinkedHashMap::new, Collectors.toList()));
        StringBuilder table = new StringBuilder("| fields | what is done with them |\n|---|---|\n");
        groups.forEach((treatment, group) -> table.append("| ")
                .append(group.stream().map(field -> "`" + field.name() + "`").collect(Collectors.joining(", ")))
                .append(" | ").append(treatment).append(" |\n"));
        return table.toString();
    }

    private static String treatment(Fields.Field field) {
        return switch (field.use()) {
            case READ -> "read";
            case IRRELEVANT -> "irrelevant: " + field.why();
            case LIMITED -> "refused unless " + field.values().stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
        };
    }

    @Test
    void the_page_has_the_tables_of_the_code() throws IOException {
        String page = Files.readString(Project.root().resolve("docs/decisions/settings-fields.md"));
        FILES.forEach((title, fields) -> {
            String section = "## " + title + "\n\n" + table(fields);
            assertTrue(page.contains(section), "the page lacks this, or has another table:\n" + section);
        });
        assertEquals(FILES.size(), page.lines().filter(line -> line.startsWith("## `")).count());
    }

    @Test
    void every_field_that_is_limited_is_refused_at_another_value_and_passed_at_its_own() {
        FILES.values().forEach(fields -> fields.all().forEach(field -> {
            Json.Obj strange = Json.object().put(field.name(), "a value of nobody's").build();
            assertEquals(field.use() == Use.LIMITED, fields.refusal(strange).isPresent(), field.name());
            assertTrue(fields.refusal(Json.object().put(field.name(), Json.Null.NULL).build()).isEmpty(), field.name());
        }));
    }

    @Test
    void a_field_that_nobody_knows_must_say_nothing() {
        for (Fields fields : FILES.values()) {
            for (String nothing : List.of("null", "false", "\"\"", "[]", "{}")) {
                assertTrue(fields.refusal(object("{\"sliding_window\": " + nothing + "}")).isEmpty(), nothing);
            }
            for (String something : List.of("true", "0", "0.5", "\"x\"", "[0]", "{\"a\": null}")) {
                String refusal = fields.refusal(object("{\"sliding_window\": " + something + "}")).orElseThrow();
                assertTrue(refusal.startsWith("\"sliding_window\" is "), refusal);
            }
        }
    }

    private static Json.Obj object(String text) {
        try {
            return (Json.Obj) Json.parse(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
