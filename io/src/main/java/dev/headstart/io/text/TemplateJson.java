package dev.headstart.io.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Reads the `post_processor` of a `tokenizer.json`: what is put around texts.
final class TemplateJson {
    private TemplateJson() {}

    /// @param tokens the token of an id, or null
    static Template read(JsonNode node, IntFunction<@Nullable String> tokens) throws TokenizerFormatException {
        if (node.isNull()) {
            return Template.plain(false, false);
        }
        return switch (node.type()) {
            case "ByteLevel" -> {
                node.only("type", "add_prefix_space", "trim_offsets", "use_regex");
                yield Template.plain(node.get("trim_offsets").bool(), node.get("add_prefix_space").bool());
            }
            case "BertProcessing" -> {
                node.only("type", "sep", "cls");
                Template.Part.Special cls = pair(node.get("cls"), tokens);
                Template.Part.Special sep = pair(node.get("sep"), tokens);
                yield Template.bert(cls.tokens().getFirst(), cls.ids().getFirst(), sep.tokens().getFirst(), sep.ids().getFirst());
            }
            case "RobertaProcessing" -> {
                node.only("type", "sep", "cls", "trim_offsets", "add_prefix_space");
                yield Template.roberta(pair(node.get("cls"), tokens), pair(node.get("sep"), tokens), node.get("trim_offsets").bool(true),
                        node.get("add_prefix_space").bool(true));
            }
            case "TemplateProcessing" -> {
                node.only("type", "single", "pair", "special_tokens");
                yield new Template(parts(node, "single", 1, tokens), parts(node, "pair", 2, tokens), false, false);
            }
            default -> throw node.refusal(Vocabulary.quoted(node.type())
                    + " is not read: ByteLevel, BertProcessing, RobertaProcessing and TemplateProcessing are");
        };
    }

    /// `["[CLS]", 101]`.
    private static Template.Part.Special pair(JsonNode node, IntFunction<@Nullable String> tokens) throws TokenizerFormatException {
        List<JsonNode> items = node.items();
        if (items.size() != 2) {
            throw node.refusal("should be a token and its id");
        }
        String token = items.get(0).string();
        int id = items.get(1).integer(Vocabulary.MAX_ID);
        check(items.get(1), id, token, tokens);
        return new Template.Part.Special(List.of(id), List.of(token), 0);
    }

    private static void check(JsonNode node, int id, String token, IntFunction<@Nullable String> tokens) throws TokenizerFormatException {
        if (!token.equals(tokens.apply(id))) {
            throw node.refusal("id " + id + " is not that of " + Vocabulary.quoted(token));
        }
    }

    private static List<Template.Part> parts(JsonNode processor, String name, int texts, IntFunction<@Nullable String> tokens)
            throws TokenizerFormatException {
        List<Template.Part> parts = new ArrayList<>();
        boolean[] seen = new boolean[texts];
        for (JsonNode item : processor.get(name).items()) {
            item.only("Sequence", "SpecialToken");
            JsonNode sequence = item.get("Sequence");
            if (sequence.isNull()) {
                parts.add(special(item.get("SpecialToken"), processor.get("special_tokens"), tokens));
                continue;
            }
            sequence.only("id", "type_id");
            int index = switch (sequence.get("id").string()) {
                case "A" -> 0;
                case "B" -> 1;
                default -> throw sequence.get("id").refusal("should be A or B");
            };
            if (index >= texts || seen[index]) {
                throw sequence.refusal("each text stands in its template once");
            }
            seen[index] = true;
            parts.add(new Template.Part.Sequence(index, sequence.get("type_id").integer(Integer.MAX_VALUE)));
        }
        if (!seen[0] || !seen[texts - 1]) {
            throw processor.get(name).refusal("each text stands in its template once");
        }
        return parts;
    }

    private static Template.Part.Special special(JsonNode item, JsonNode all, IntFunction<@Nullable String> tokens)
            throws TokenizerFormatException {
        item.only("id", "type_id");
        JsonNode named = all.get(item.get("id").string());
        if (named.isNull()) {
            throw item.get("id").refusal("is not among the special_tokens");
        }
        named.only("id", "ids", "tokens");
        List<JsonNode> ids = named.get("ids").items();
        List<JsonNode> texts = named.get("tokens").items();
        if (ids.size() != texts.size()) {
            throw named.refusal("has " + ids.size() + " ids and " + texts.size() + " tokens");
        }
        List<Integer> numbers = new ArrayList<>();
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            numbers.add(ids.get(i).integer(Vocabulary.MAX_ID));
            strings.add(texts.get(i).string());
            check(ids.get(i), numbers.get(i), strings.get(i), tokens);
        }
        return new Template.Part.Special(numbers, strings, item.get("type_id").integer(Integer.MAX_VALUE));
    }
}
