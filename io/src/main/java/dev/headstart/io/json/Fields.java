package dev.headstart.io.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The fields that a file of settings may have, by what is done with them. A field that is none of these must say nothing: `null`,
/// `false`, or an empty text, list or object. So a setting that nobody thought of is refused by name, and not passed over.
///
/// ```java
/// Fields known = Fields.of().read("r", "lora_alpha").irrelevant("says how it was trained", "lora_dropout").only("bias", Json.of("none"));
/// Optional<String> refusal = known.refusal(Json.object().put("use_dora", true).build());
/// ```
public final class Fields {
    /// What is done with a field.
    public enum Use {
        /// Its value is used.
        READ,
        /// It changes nothing that is computed here.
        IRRELEVANT,
        /// It is known at some values only.
        LIMITED
    }

    /// A field.
    ///
    /// @param why it is irrelevant; empty for others
    /// @param values it may have, where they are limited, as JSON
    public record Field(String name, Use use, String why, List<String> values) {}

    private final Map<String, Field> fields;

    private Fields(Map<String, Field> fields) {
        this.fields = fields;
    }

    /// None.
    public static Fields of() {
        return new Fields(Map.of());
    }

    private Fields with(List<Field> more) {
        Map<String, Field> all = new LinkedHashMap<>(fields);
        for (Field field : more) {
            if (all.put(field.name, field) != null) {
                throw new IllegalArgumentException("fields: " + field.name + " is there twice");
            }
        }
        return new Fields(all);
    }

    /// These and others, which are read.
    public Fields read(String... names) {
        return with(Arrays.stream(names).map(name -> new Field(name, Use.READ, "", List.of())).toList());
    }

    /// These and others, which change nothing.
    ///
    /// @param why not
    public Fields irrelevant(String why, String... names) {
        return with(Arrays.stream(names).map(name -> new Field(name, Use.IRRELEVANT, why, List.of())).toList());
    }

    /// These and one that may only have these values, or `null`.
    public Fields only(String name, Json... values) {
        return with(List.of(new Field(name, Use.LIMITED, "", Arrays.stream(values).map(Json::compact).toList())));
    }

    /// These and those of another list.
    public Fields and(Fields others) {
        return with(others.all());
    }

    /// All of them, in the order given.
    public List<Field> all() {
        return List.copyOf(fields.values());
    }

    /// What is wrong with the first field that cannot be passed over; nothing when all can.
    public Optional<String> refusal(Json.Obj object) {
        List<String> problems = new ArrayList<>();
        object.members().forEach((name, value) -> {
            Field field = fields.get(name);
            if (field == null ? !saysNothing(value) : field.use == Use.LIMITED && !allowed(field, value)) {
                problems.add("\"" + name + "\" is " + brief(value) + ": " + (field == null
                        ? "this field is not known here, and it may change what is computed; remove it if it does not"
                        : "only " + String.join(", ", field.values) + " is known"));
            }
        });
        return problems.stream().findFirst();
    }

    private static boolean allowed(Field field, Json value) {
        return value == Json.Null.NULL || field.values.contains(value.compact());
    }

    private static boolean saysNothing(Json value) {
        return switch (value) {
            case Json.Null _ -> true;
            case Json.Bool(boolean truth) -> !truth;
            case Json.Str(String text) -> text.isEmpty();
            case Json.Arr(List<Json> items) -> items.isEmpty();
            case Json.Obj(Map<String, Json> members) -> members.isEmpty();
            case Json.Int _,Json.Real _ -> false;
        };
    }

    private static String brief(Json value) {
        String text = value.compact();
        return text.length() <= 80 ? text : text.substring(0, text.offsetByCodePoints(0, 60)) + " …";
    }
}
