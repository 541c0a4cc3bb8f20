package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.headstart.cli.data.TextData;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.data.TextPieces;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextDataTest {
    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("data.csv"), content);
    }

    private String refusal(String content, String text, String label, boolean header) throws IOException {
        Path file = file(content);
        return String.valueOf(assertThrows(IOException.class, () -> TextData.csv(file, List.of(text), label, header)).getMessage());
    }

    @Test
    void long_lines_are_cut_at_spaces_and_blank_lines_skipped() throws IOException {
        Path file = file("one two three\n\n   \nabcdefghij😀k\n");
        assertEquals(List.of("one two", "three", "abcdefgh", "ij😀k"), TextPieces.pieces(file, 8));
    }

    @Test
    void tabs_separate_columns_of_a_tsv_file_and_quotes_are_letters() throws IOException {
        Path file = Files.writeString(folder.resolve("x.tsv"), "a\t\"b, c\n\"d\te\"\n");
        LabelledTexts rows = TextData.csv(file, List.of("2"), "1", false);
        assertEquals(List.of("\"b, c", "e\""), rows.texts());
        assertEquals(List.of("a", "\"d"), rows.labels());
    }

    @Test
    void quotes_of_a_tsv_file_that_pandas_wrote_enclose_fields() throws IOException {
        Path file = Files.writeString(folder.resolve("x.tsv"), "label\ttext\nA\t\"a tab\t, a \"\"word\"\"\nand a line\"\nB\tplain\r\n");
        LabelledTexts rows = TextData.csv(file, List.of("text"), "label", true);
        assertEquals(List.of("a tab\t, a \"word\"\nand a line", "plain"), rows.texts());
        assertEquals(List.of(2L, 4L), rows.lines());
    }

    @Test
    void one_quote_inside_a_field_makes_all_quotes_of_a_tsv_file_letters() throws IOException {
        Path file = Files.writeString(folder.resolve("x.tsv"), "label\ttext\nA\t\"good\"\nB\tthe 5\" pipe\n");
        assertEquals(List.of("\"good\"", "the 5\" pipe"), TextData.csv(file, List.of("text"), "label", true).texts());
    }

    @Test
    void semicolons_or_tabs_separate_where_the_first_row_has_no_comma() throws IOException {
        for (String separator : List.of(";", "\t")) {
            Path file = file("label;text\nA;\"one; two\"\nB;three, four\n".replace(";", separator));
            assertEquals(List.of("one" + separator + " two", "three, four"), TextData.csv(file, List.of("text"), "label", true).texts());
        }
        assertEquals(List.of("one; two"), TextData.csv(file("label,text\nA,one; two\n"), List.of("text"), "label", true).texts());
    }

    @Test
    void json_lines_have_columns_by_name() throws IOException {
        Path file = Files.writeString(folder.resolve("x.jsonl"),
                "{\"text\": \"a\\nb\", \"label\": 3, \"more\": null}\n\n{\"label\": true, \"text\": \"c\"}\n");
        LabelledTexts rows = TextData.csv(file, List.of("text"), "label", true);
        assertEquals(List.of("a\nb", "c"), rows.texts());
        assertEquals(List.of("3", "true"), rows.labels());
        assertEquals(List.of(1L, 3L), rows.lines());
        assertEquals(rows.texts(), TextData.csv(file, List.of("text"), "label", false).texts());
    }

    @Test
    void a_json_line_that_lacks_a_member_or_is_no_object_names_its_line() throws IOException {
        for (String bad : List.of("{\"text\": \"x\"}", "{\"text\": \"x\", \"label\": [1]}")) {
            Path file = Files.writeString(folder.resolve("x.jsonl"), "{\"text\": \"a\", \"label\": 3}\n" + bad);
            IOException e = assertThrows(IOException.class, () -> TextData.csv(file, List.of("text"), "label", true));
            assertEquals(file + ", line 2: 'label' is missing, or is neither text nor number", e.getMessage());
        }
        Path array = Files.writeString(folder.resolve("x.json"), "[{\"text\": \"a\"}]");
        IOException e = assertThrows(IOException.class, () -> TextData.csv(array, List.of("text"), "label", true));
        assertEquals(array + ", line 1: this is no JSON object: JSON lines are read, each line an object", e.getMessage());
    }

    @Test
    void malformed_utf8_names_its_line() throws IOException {
        Path file = Files.write(folder.resolve("bad.txt"), new byte[] {'a', '\n', 'b', '\n', 'c', (byte) 0xFF, '\n'});
        IOException e = assertThrows(IOException.class, () -> TextPieces.pieces(file, 8));
        assertEquals(file + ": byte 5: line 3: this is not UTF-8 (0xFF)", e.getMessage());
    }

    @Test
    void columns_are_found_by_name_and_by_number() throws IOException {
        Path file = file("label,text\nA,hello\nB,\"two\nlines\"\nA,bye\n");
        for (String text : List.of("text", "2")) {
            LabelledTexts rows = TextData.csv(file, List.of(text), "label", true);
            assertEquals(List.of("hello", "two\nlines", "bye"), rows.texts());
            assertEquals(List.of("A", "B", "A"), rows.labels());
            assertEquals(List.of(2L, 3L, 5L), rows.lines());
            assertEquals(List.of("A", "B"), rows.names());
        }
        assertEquals(List.of("text label", "hello A", "two\nlines B", "bye A"),
                TextData.csv(file, List.of("2", "1"), "1", false).texts());
    }

    @Test
    void a_missing_column_lists_the_columns_and_the_nearest() throws IOException {
        assertTrue(refusal("label,text\nA,x\n", "txt", "label", true)
                .endsWith("there is no column 'txt': there are 'label', 'text'; did you mean 'text'?"));
        assertTrue(refusal("label,text\nA,x\n", "3", "label", true).endsWith("there is no column 3: there are 2 ('label', 'text')"));
        assertTrue(refusal("A,x\n", "text", "1", false).endsWith("the column 'text' must be a number from 1 to 2"));
    }

    @Test
    void a_row_that_cannot_be_read_names_its_line() throws IOException {
        assertTrue(refusal("l,t\nA,x\nB,\"open\nand on\n", "t", "l", true)
                .endsWith("data.csv, line 3: the row that begins here opens a quote and never closes it"));
        assertTrue(refusal("l,t\nA,x\nB,x,y\n", "t", "l", true).endsWith("data.csv, line 3: this row has 3 fields, the first has 2"));
        assertTrue(refusal("l,t\nA,x\n ,x\n", "t", "l", true).endsWith("data.csv, line 3: the label is missing"));
        assertTrue(refusal("l,t\n", "t", "l", true).endsWith("there are no rows in it"));
    }

    @Test
    void an_unknown_label_is_named_with_its_line() throws IOException {
        LabelledTexts rows = TextData.csv(file("A,x\nC,y\n"), List.of("2"), "1", false);
        IOException e = assertThrows(IOException.class, () -> rows.numbers(List.of("A", "B")));
        assertTrue(String.valueOf(e.getMessage()).endsWith("data.csv, line 2: the label 'C' is unknown: known are 'A', 'B'"));
    }

    @Provide
    Arbitrary<List<String>> anyTexts() {
        return Arbitraries.strings().withChars("ab ,\"\n\r;é字").ofMaxLength(12).list().ofMinSize(1).ofMaxSize(8);
    }

    @Property(tries = 200)
    void what_a_csv_writer_wrote_is_read_back(@ForAll("anyTexts") List<String> texts) throws IOException {
        StringWriter csv = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().build(csv)) {
            texts.forEach(text -> writer.writeRecord("L", text));
        }
        Path file = Files.createTempFile("headstart", ".csv");
        try {
            Files.write(file, csv.toString().getBytes(StandardCharsets.UTF_8));
            assertEquals(texts, TextData.csv(file, List.of("2"), "1", false).texts());
        } finally {
            Files.delete(file);
        }
    }

    @Tag("shared")
    @Test
    void the_rows_of_ag_news_are_read() throws IOException {
        Path file = Path.of(System.getProperty("headstart.root", "."), "..", "shared", "data", "text", "ag_news_train_4800.csv");
        if (!Files.exists(file)) {
            System.out.println("shared data absent: " + file);
            return;
        }
        LabelledTexts rows = TextData.csv(file, List.of("2", "3"), "1", false);
        assertEquals(4800, rows.texts().size());
        assertEquals(List.of("1", "2", "3", "4"), rows.names());
    }
}
