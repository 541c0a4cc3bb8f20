package dev.headstart.zoo.keras;

import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The configuration of a layer, which knows what was read of it: what was not, and is not neutral, is refused by [#done].
final class Fields {
    private static final int MOST = 1 << 20;
    /// What decides how weights start or how they learn, not what a trained layer computes.
    private static final Pattern LEARNING = Pattern.compile("(.*_)?(initializer|regularizer|constraint)|seed");
    /// Of the policies that compute in 16 bits weights are float32: here all is.
    private static final Set<String> TYPES = Set.of("float32", "mixed_float16", "mixed_bfloat16");

    private final String layer;
    private final Json.Obj config;
    private final Set<String> read = new HashSet<>(Set.of("name", "trainable", "dtype"));

    private Fields(String layer, Json.Obj config) {
        this.layer = layer;
        this.config = config;
    }

    /// The configuration of a layer that computes in float32.
    static Fields of(String layer, Json.Obj config) throws IOException {
        Fields fields = new Fields(layer, config);
        String type = typeName(config.find("dtype"));
        if (!TYPES.contains(type)) {
            throw fields.refused("dtype is " + type + ": only float32 and mixed precision are supported");
        }
        return fields;
    }

    /// The configuration of an input, whose type may be another: pixels become float32 anyhow.
    static Fields ofInput(String layer, Json.Obj config) throws IOException {
        Fields fields = new Fields(layer, config);
        String type = typeName(config.find("dtype"));
        if (!type.matches("u?int\\d+|b?float\\d+")) {
            throw fields.refused("dtype is " + type + ": only numbers are supported");
        }
        return fields;
    }

    /// `"float32"`, or `{"class_name": "DTypePolicy", "config": {"name": "float32"}}`.
    private static String typeName(@Nullable Json type) throws JsonException {
        return switch (type) {
            case Json.Str(String name) -> name;
            case Json.Obj policy when policy.find("config") instanceof Json.Obj inner && inner.find("name") != null -> inner.string("name");
            case null -> "float32";
            default -> type == Json.Null.NULL ? "float32" : type.compact();
        };
    }

    String layer() {
        return layer;
    }

    /// A refusal of this layer.
    IOException refused(String problem) {
        return refused(layer, problem);
    }

    /// A refusal of a layer.
    static IOException refused(String layer, String problem) {
        return new IOException("keras: layer \"" + layer + "\": " + problem);
    }

    /// The value of an option; null where there is none.
    @Nullable
    Json find(String option) {
        read.add(option);
        Json value = config.find(option);
        return value == Json.Null.NULL ? null : value;
    }

    boolean has(String option) {
        return find(option) != null;
    }

    boolean flag(String option, boolean otherwise) throws JsonException {
        return has(option) ? config.bool(option) : otherwise;
    }

    double number(String option, double otherwise) throws JsonException {
        return has(option) ? config.number(option) : otherwise;
    }

    String text(String option, String otherwise) throws JsonException {
        return has(option) ? config.string(option) : otherwise;
    }

    /// A number of things.
    int extent(String option) throws IOException {
        read.add(option);
        return checked(option, config.integer(option));
    }

    int extent(String option, int otherwise) throws IOException {
        return has(option) ? extent(option) : otherwise;
    }

    private int checked(String option, long value) throws IOException {
        if (value < 1 || value > MOST) {
            throw refused(option + " is " + value + ": it must be between 1 and " + MOST);
        }
        return (int) value;
    }

    /// One number for both axes, or one for each.
    int[] pair(String option, int... otherwise) throws IOException {
        Json value = find(option);
        if (value == null) {
            return otherwise;
        }
        List<Integer> numbers = integers(option, value);
        for (int number : numbers) {
            checked(option, number);
        }
        if (numbers.isEmpty() || numbers.size() > 2) {
            throw refused(option + " should be one number or two");
        }
        return new int[] {numbers.getFirst(), numbers.getLast()};
    }

    /// What is added to or taken from rows and columns, before and behind: `n`, `[y, x]` or `[[top, bottom], [left, right]]`.
    int[] sides(String option) throws IOException {
        Json value = find(option);
        List<List<Integer>> axes = new ArrayList<>();
        if (value instanceof Json.Arr(List<Json> items) && items.size() == 2) {
            axes.add(integers(option, items.get(0)));
            axes.add(integers(option, items.get(1)));
        } else if (value != null) {
            axes.add(integers(option, value));
        }
        int[] sides = new int[4];
        for (int i = 0; i < 4; i++) {
            List<Integer> axis = axes.isEmpty() ? List.of(1) : axes.get(Math.min(i / 2, axes.size() - 1));
            int side = axis.isEmpty() || axis.size() > 2 ? -1 : axis.get(Math.min(i % 2, axis.size() - 1));
            if (side < 0 || side > MOST) {
                throw refused(option + " should be numbers of rows and columns, none negative");
            }
            sides[i] = side;
        }
        return sides;
    }

    /// Which of an option's extents are 1; others must be null. Nothing where there is no such option.
    boolean[] ones(String option) throws IOException {
        Json value = find(option);
        List<Json> items = value instanceof Json.Arr(List<Json> found) ? found : List.of();
        boolean[] ones = new boolean[items.size()];
        for (int i = 0; i < ones.length; i++) {
            ones[i] = items.get(i).equals(Json.of(1));
            if (!ones[i] && items.get(i) != Json.Null.NULL) {
                throw refused(option + " is " + plain(items.get(i)) + " at axis " + i + ": only 1 and null are supported");
            }
        }
        return ones;
    }

    /// The whole numbers of an option.
    List<Integer> integers(String option) throws IOException {
        Json value = find(option);
        return value == null ? List.of() : integers(option, value);
    }

    private List<Integer> integers(String option, Json value) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (Json item : value instanceof Json.Arr(List<Json> items) ? items : List.of(value)) {
            if (!(item instanceof Json.Int(long number)) || number != (int) number) {
                throw refused(option + " should be one number or two");
            }
            numbers.add((int) number);
        }
        return numbers;
    }

    /// The numbers of an option, in whatever arrays they are; null where there are none.
    float @Nullable [] numbers(String option) throws IOException {
        Json value = find(option);
        if (value == null) {
            return null;
        }
        List<Double> found = new ArrayList<>();
        collect(option, value, found);
        float[] numbers = new float[found.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = found.get(i).floatValue();
        }
        return numbers;
    }

    private void collect(String option, Json value, List<Double> found) throws IOException {
        switch (value) {
            case Json.Arr(List<Json> items) -> {
                for (Json item : items) {
                    collect(option, item, found);
                }
            }
            case Json.Int(long number) -> found.add((double) number);
            case Json.Real(double number) -> found.add(number);
            default -> throw refused(option + " should be numbers");
        }
    }

    /// Refuses an option that is there and not this.
    void only(String option, String wanted) throws IOException {
        Json value = find(option);
        if (value != null && !value.equals(Json.of(wanted))) {
            throw refused(option + " is " + plain(value) + ": only " + wanted + " is supported");
        }
    }

    /// Refuses a switch that is on.
    void off(String... options) throws IOException {
        for (String option : options) {
            Json value = find(option);
            if (value != null && !value.equals(Json.of(false))) {
                throw refused(option + " is " + plain(value) + ": only false is supported");
            }
        }
    }

    /// Images must have their channels last.
    void channelsLast() throws IOException {
        only("data_format", "channels_last");
    }

    /// Whether `same` is what windows are padded by.
    boolean same() throws IOException {
        String padding = text("padding", "valid");
        if (!padding.equals("same") && !padding.equals("valid")) {
            throw refused("padding is " + padding + ": only same and valid are supported");
        }
        return padding.equals("same");
    }

    /// Passes over options that change nothing here.
    void pass(String... options) {
        read.addAll(List.of(options));
    }

    /// Passes over all options: whatever they are, nothing is computed.
    void passAll() {
        read.addAll(config.members().keySet());
    }

    /// Refuses what was not read: what is not understood could change what the layer computes.
    void done() throws IOException {
        for (Map.Entry<String, Json> field : config.members().entrySet()) {
            String option = field.getKey();
            if (!read.contains(option) && field.getValue() != Json.Null.NULL && !LEARNING.matcher(option).matches()) {
                throw refused(option + " is " + plain(field.getValue()) + ": this option is not known here");
            }
        }
    }

    private static String plain(Json value) {
        return value instanceof Json.Str(String text) ? text : value.compact();
    }
}
