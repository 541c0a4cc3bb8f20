package dev.headstart.io.safetensors;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Sink;
import dev.headstart.io.format.SortedNames;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.stream.JsonWriter;
import dev.headstart.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;

/// Writes safetensors files ([dev.headstart.io.SafeTensors] describes them).
public final class SafeTensorsWriter {
    private SafeTensorsWriter() {}

    /// Writes tensors, and texts that belong to them, to a file, replacing it.
    public static void write(Disk disk, Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        SortedMap<String, Tensor> sorted = SortedNames.sorted(tensors);
        byte[] header = header(sorted, metadata);
        disk.replace(file, sink -> {
            sink.write(header);
            writeData(sink, sorted);
        });
    }

    /// Writes the data: the elements of one tensor after the other.
    public static void writeData(Sink sink, SortedMap<String, Tensor> tensors) throws IOException {
        for (Tensor tensor : tensors.values()) {
            sink.write(tensor.toArray());
        }
    }

    /// Everything before the data: the length, the JSON and its padding.
    public static byte[] header(SortedMap<String, Tensor> tensors, Map<String, String> metadata) {
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
        append(utf8, "{");
        if (!metadata.isEmpty()) {
            append(utf8, "\"" + SafeTensorsHeader.METADATA + "\":" + texts(metadata));
        }
        long begin = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            if (entry.getKey().equals(SafeTensorsHeader.METADATA)) {
                throw new IllegalArgumentException("safetensors: no tensor can be named " + SafeTensorsHeader.METADATA);
            }
            long end = begin + 4L * entry.getValue().size();
            append(utf8, (utf8.size() > 1 ? "," : "") + tensor(entry.getKey(), entry.getValue(), begin, end));
            begin = end;
        }
        append(utf8, "}");
        append(utf8, " ".repeat(-utf8.size() & 7));
        if (utf8.size() > SafeTensorsHeader.MAX_LENGTH) {
            throw new IllegalArgumentException("safetensors: names and texts take " + utf8.size() + " bytes, the limit is "
                    + SafeTensorsHeader.MAX_LENGTH);
        }
        return ByteBuffer.allocate(8 + utf8.size()).order(ByteOrder.LITTLE_ENDIAN).putLong(utf8.size()).put(utf8.toByteArray()).array();
    }

    private static String tensor(String name, Tensor tensor, long begin, long end) {
        StringBuilder json = new StringBuilder();
        JsonWriter.quote(json, name);
        String shape = Arrays.toString(tensor.shape().dims()).replace(" ", "");
        return json.append(":{\"dtype\":\"F32\",\"shape\":").append(shape).append(",\"data_offsets\":[").append(begin).append(',')
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
