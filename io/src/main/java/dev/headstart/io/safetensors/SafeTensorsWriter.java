package dev.headstart.io.safetensors;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Sink;
import dev.headstart.io.format.SortedNames;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.stream.JsonWriter;
import dev.headstart.io.weights.Dtype;
import dev.headstart.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;

/// Writes safetensors files ([dev.headstart.io.SafeTensors] describes them).
public final class SafeTensorsWriter {
    /// What PyTorch's batch norm counts by, in int64.
    private static final String COUNTER = "num_batches_tracked";

    private SafeTensorsWriter() {}

    /// Writes tensors, and texts that belong to them, to a file, replacing it. Counters come first, so that all are aligned.
    public static void write(Disk disk, Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        SortedMap<String, Tensor> counters = SortedNames.sorted(tensors);
        SortedMap<String, Tensor> others = SortedNames.sorted(tensors);
        counters.entrySet().removeIf(entry -> !isCounter(entry));
        others.keySet().removeAll(counters.keySet());
        byte[] header = header(counters, others, metadata);
        disk.replace(file, sink -> {
            sink.write(header);
            for (Tensor counter : counters.values()) {
                writeLongs(sink, counter.toArray());
            }
            writeData(sink, others);
        });
    }

    /// Whether a tensor has PyTorch's name for a counter, and holds whole numbers.
    private static boolean isCounter(Map.Entry<String, Tensor> entry) {
        String name = entry.getKey();
        boolean named = name.equals(COUNTER) || name.endsWith("." + COUNTER);
        if (!named) {
            return false;
        }
        for (float value : entry.getValue().toArray()) {
            if (value != (long) value) {
                return false;
            }
        }
        return true;
    }

    private static void writeLongs(Sink sink, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putLong((long) value);
        }
        sink.write(bytes.array());
    }

    /// Writes the data: the elements of one tensor after the other.
    public static void writeData(Sink sink, SortedMap<String, Tensor> tensors) throws IOException {
        for (Tensor tensor : tensors.values()) {
            sink.write(tensor.toArray());
        }
    }

    /// Everything before the data, all of it in float32: the length, the JSON and its padding.
    public static byte[] header(SortedMap<String, Tensor> tensors, Map<String, String> metadata) {
        return header(Collections.emptySortedMap(), tensors, metadata);
    }

    private static byte[] header(SortedMap<String, Tensor> counters, SortedMap<String, Tensor> others, Map<String, String> metadata) {
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
        append(utf8, "{");
        if (!metadata.isEmpty()) {
            append(utf8, "\"" + SafeTensorsHeader.METADATA + "\":" + texts(metadata));
        }
        long counted = append(utf8, counters, Dtype.I64, 0);
        append(utf8, others, Dtype.F32, counted);
        append(utf8, "}");
        append(utf8, " ".repeat(-utf8.size() & 7));
        if (utf8.size() > SafeTensorsHeader.MAX_LENGTH) {
            throw new IllegalArgumentException("safetensors: names and texts take " + utf8.size() + " bytes, the limit is "
                    + SafeTensorsHeader.MAX_LENGTH);
        }
        return ByteBuffer.allocate(8 + utf8.size()).order(ByteOrder.LITTLE_ENDIAN).putLong(utf8.size()).put(utf8.toByteArray()).array();
    }

    /// Appends what a header says of tensors whose data begin there; gives where they end.
    private static long append(ByteArrayOutputStream utf8, SortedMap<String, Tensor> tensors, Dtype dtype, long from) {
        long begin = from;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            if (entry.getKey().equals(SafeTensorsHeader.METADATA)) {
                throw new IllegalArgumentException("safetensors: no tensor can be named " + SafeTensorsHeader.METADATA);
            }
            long end = begin + dtype.bits() / 8L * entry.getValue().size();
            append(utf8, (utf8.size() > 1 ? "," : "") + tensor(entry.getKey(), entry.getValue(), dtype, begin, end));
            begin = end;
        }
        return begin;
    }

    private static String tensor(String name, Tensor tensor, Dtype dtype, long begin, long end) {
        StringBuilder json = new StringBuilder();
        JsonWriter.quote(json, name);
        String shape = Arrays.toString(tensor.shape().dims()).replace(" ", "");
        return json.append(":{\"dtype\":\"").append(dtype).append("\",\"shape\":").append(shape).append(",\"data_offsets\":[").append(begin)
                .append(',')
                .append(end)
                .append("]}").toString();
    }

    private static String texts(Map<String, String> metadata) {
        Json.Builder json = Json.object();
        SortedNames.sorted(metadata).forEach(json::put);
        return json.build().compact();
    }

    private static void append(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
