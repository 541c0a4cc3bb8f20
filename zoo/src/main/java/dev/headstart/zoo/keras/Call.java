package dev.headstart.zoo.keras;

import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An application of a layer in a graph, an entry of its `inbound_nodes`.
///
/// @param output what it gives
/// @param inputs what it is applied to
/// @param arguments of an operator in order: null for an input, else a number
/// @param evaluates whether the layer is called with `training=False`
record Call(Output output, List<Output> inputs, List<@Nullable Float> arguments, boolean evaluates) {
    /// What an application of a layer gives.
    ///
    /// @param layer its name
    /// @param call the number of the application
    /// @param tensor the number of the tensor
    record Output(String layer, int call, int tensor) {
        @Override
        public String toString() {
            return layer + (call == 0 ? "" : " (application " + call + ")");
        }
    }

    /// Reads an entry: `[["conv2d", 0, 0, {}]]` in Keras 1 and 2, `{"args": […], "kwargs": {…}}` in Keras 3.
    ///
    /// @param number of the entry
    /// @param path of the layer, for messages
    static Call read(String layer, int number, Json node, String path) throws IOException {
        Reading reading = new Reading(path);
        if (node instanceof Json.Obj object) {
            for (Json argument : object.array("args")) {
                reading.argument(argument);
            }
            reading.options(object.object("kwargs"));
        } else if (node instanceof Json.Arr(List<Json> items)) {
            reading.early(items);
        } else {
            throw Fields.refused(path, "inbound_nodes is not understood");
        }
        return new Call(new Output(layer, number, 0), List.copyOf(reading.inputs),
                Collections.unmodifiableList(reading.arguments), reading.evaluates);
    }

    /// `["conv2d", 0, 0]`
    static Output output(List<Json> items, String path) throws IOException {
        if (items.size() >= 3 && items.get(0) instanceof Json.Str(String name) && items.get(1) instanceof Json.Int(long call)
                && items.get(2) instanceof Json.Int(long tensor)) {
            if (tensor != 0) {
                throw Fields.refused(path, "output " + tensor + " of " + name + ": layers of several outputs are not supported");
            }
            return new Output(name, (int) call, 0);
        }
        throw Fields.refused(path.isEmpty() ? "model" : path, new Json.Arr(items).compact() + " is no output of a layer");
    }

    private static final class Reading {
        final String path;
        final List<Output> inputs = new ArrayList<>();
        final List<@Nullable Float> arguments = new ArrayList<>();
        boolean evaluates;

        Reading(String path) {
            this.path = path;
        }

        void early(List<Json> items) throws IOException {
            boolean single = !items.isEmpty() && items.getFirst() instanceof Json.Str;
            for (Json item : single ? List.of((Json) new Json.Arr(items)) : items) {
                if (!(item instanceof Json.Arr(List<Json> input))) {
                    throw Fields.refused(path, "inbound_nodes is not understood");
                }
                inputs.add(output(input, path));
                if (input.size() > 3 && input.get(3) instanceof Json.Obj options) {
                    options(options);
                }
            }
        }

        void argument(Json argument) throws IOException {
            switch (argument) {
                case Json.Arr(List<Json> items) -> {
                    for (Json item : items) {
                        inputs.add(tensor(item));
                    }
                }
                case Json.Int(long number) -> arguments.add((float) number);
                case Json.Real(double number) -> arguments.add((float) number);
                default -> {
                    inputs.add(tensor(argument));
                    arguments.add(null);
                }
            }
        }

        private Output tensor(Json json) throws IOException {
            if (json instanceof Json.Obj object && object.find("class_name") instanceof Json.Str(String kind)
                    && kind.equals("__keras_tensor__")) {
                return output(object.object("config").array("keras_history"), path);
            }
            throw Fields.refused(path, "it is called with " + json.compact() + ", which is not known here");
        }

        void options(Json.Obj options) throws JsonException, IOException {
            for (Map.Entry<String, Json> option : options.members().entrySet()) {
                boolean training = option.getKey().equals("training");
                evaluates |= training && option.getValue().equals(Json.of(false));
                if (option.getValue() != Json.Null.NULL && !(training && option.getValue().equals(Json.of(false)))) {
                    throw Fields.refused(path, "it is called with " + option.getKey() + "=" + option.getValue().compact()
                            + ", which is not known here");
                }
            }
        }
    }
}
