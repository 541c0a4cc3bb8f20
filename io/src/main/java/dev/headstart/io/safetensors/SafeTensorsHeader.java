package dev.headstart.io.safetensors;

import dev.headstart.io.file.Budget;
import dev.headstart.io.file.Region;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.Entry;
import dev.headstart.io.json.JsonException;
import dev.headstart.io.json.stream.JsonReader;
import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the header of a safetensors file and refuses every file that breaks the format's rules.
///
/// The file is an 8-byte little-endian length N ≤ 100,000,000, N bytes of UTF-8 JSON, and the data. The JSON names each tensor with its
/// type, its extents, and where it lies in the data: `{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}`; the name `__metadata__`
/// is kept for texts by name. Tensors fill the data without gap or overlap from its first byte to the file's last; each is exactly as long
/// as its type and extents say. Beyond the reference implementation, names may not be there twice, and a tensor has at most 64 axes.
///
/// The JSON is never in memory as a whole, and nothing is allocated for a length the file does not have. What is kept for a tensor or a
/// text is at most 16 times its JSON, so a header that could fill the heap is refused in advance. The check for gaps sorts: n log n.
final class SafeTensorsHeader {
    static final int MAX_LENGTH = 100_000_000;
    static final String METADATA = "__metadata__";
    private static final int LENGTH_BYTES = 8;
    private static final int MAX_AXES = 64;
    private static final int HEAP_PER_BYTE = 16;
    private static final long MAX_EXTENT = (1L << 48) - 1;

    private final Path file;
    private final JsonReader json;
    private final long dataBegin;
    private final long fileEnd;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private boolean metadataSeen;

    private SafeTensorsHeader(Path file, JsonReader json, long dataBegin, long fileEnd) {
        this.file = file;
        this.json = json;
        this.dataBegin = dataBegin;
        this.fileEnd = fileEnd;
    }

    /// Reads and checks the header of a file from its start.
    ///
    /// @param hint what a refusal of the first bytes ends with
    static Contents read(Source source, String hint) throws IOException {
        Path file = source.file();
        long fileEnd = source.size();
        long length = length(source, fileEnd, hint);
        source.budget().read(length, shortage -> new WeightFormatException(file, 0, "a header of " + length + " bytes" + shortage, null));
        Budget paid = source.budget().reserve(length, HEAP_PER_BYTE * length, shortage -> new WeightFormatException(file, 0, "a header of "
                + length + " bytes may need " + HEAP_PER_BYTE * length + " bytes of heap: raise it with -Xmx" + shortage, null));
        Region bytes = new Region(source, LENGTH_BYTES, LENGTH_BYTES + length);
        JsonReader json = new JsonReader(bytes, LENGTH_BYTES, length, paid);
        SafeTensorsHeader header = new SafeTensorsHeader(file, json, LENGTH_BYTES + length, fileEnd);
        try {
            json.object(header::isKnown, header::entry);
            json.end();
        } catch (JsonException e) {
            throw new WeightFormatException(file, e.offset(), "safetensors header: " + e.problem(), e);
        }
        header.demandNoGaps();
        List<Entry> entries = header.tensors.values().stream().map(info -> Entry.rowMajor(info, ByteOrder.LITTLE_ENDIAN)).toList();
        return new Contents("safetensors", entries, header.metadata);
    }

    private static long length(Source source, long fileEnd, String hint) throws IOException {
        Path file = source.file();
        ByteBuffer start = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (source.fill(start, 0) < LENGTH_BYTES) {
            String problem = "the file ends here: a safetensors file begins with 8 bytes for the length of its header";
            throw new WeightFormatException(file, start.position(), problem, null);
        }
        long length = start.getLong(0);
        if (length < 0 || length > MAX_LENGTH) {
            String problem = "not a safetensors file: its header would be " + Long.toUnsignedString(length)
                    + " bytes long, the limit is " + MAX_LENGTH + hint;
            throw new WeightFormatException(file, 0, problem, null);
        }
        if (LENGTH_BYTES + length > fileEnd) {
            String problem = "the file ends here: its header would end at byte " + (LENGTH_BYTES + length)
                    + ": it is truncated, or not safetensors";
            throw new WeightFormatException(file, fileEnd, problem, null);
        }
        return length;
    }

    private boolean isKnown(String name) {
        return name.equals(METADATA) ? metadataSeen : tensors.containsKey(name);
    }

    private void entry(String name) throws IOException {
        if (name.equals(METADATA)) {
            metadataSeen = true;
            json.object(metadata::containsKey, key -> metadata.put(key, json.string()));
        } else {
            tensors.put(name, tensor(name));
        }
    }

    /// The members of one tensor's entry as they come.
    private static final class Members {
        final Set<String> seen = new HashSet<>();
        @Nullable
        Dtype dtype;
        @Nullable
        List<Long> extents;
        final List<Long> offsets = new ArrayList<>(2);
    }

    private TensorInfo tensor(String name) throws IOException {
        Members entry = new Members();
        long start = json.offset();
        json.object(entry.seen::contains, member -> {
            entry.seen.add(member);
            switch (member) {
                case "dtype" -> entry.dtype = dtype();
                case "shape" -> entry.extents = extents();
                case "data_offsets" -> offsets(entry.offsets);
                default -> json.skip();
            }
        });
        Dtype dtype = entry.dtype;
        List<Long> extents = entry.extents;
        if (dtype == null || extents == null || entry.offsets.isEmpty()) {
            String missing = dtype == null ? "dtype" : extents == null ? "shape" : "data_offsets";
            throw refused(name, start, "\"" + missing + "\" is missing");
        }
        long begin = entry.offsets.get(0);
        long end = entry.offsets.get(1);
        long bytes = bytes(name, start, dtype, extents);
        if (begin > end || end - begin != bytes) {
            throw refused(name, start, dtype + " " + extents + " is " + bytes + " bytes, data_offsets are [" + begin + ", " + end + "]");
        }
        return new TensorInfo(name, dtype, extents, dataBegin + begin, dataBegin + end);
    }

    private Dtype dtype() throws IOException {
        long start = json.offset();
        String name = json.string();
        Dtype dtype = Dtype.named(name);
        if (dtype == null) {
            throw json.error("unknown dtype \"" + Source.abridged(name) + "\"", start);
        }
        return dtype;
    }

    private List<Long> extents() throws IOException {
        List<Long> extents = new ArrayList<>();
        json.array(() -> {
            extents.add(json.natural("an extent", MAX_EXTENT));
            if (extents.size() > MAX_AXES) {
                throw json.error("a tensor of more than " + MAX_AXES + " axes", json.offset());
            }
        });
        return List.copyOf(extents);
    }

    private void offsets(List<Long> offsets) throws IOException {
        long start = json.offset();
        json.array(() -> {
            if (offsets.size() == 2) {
                throw json.error("data_offsets must be two, begin and end", start);
            }
            offsets.add(json.natural("an offset", MAX_EXTENT));
        });
        if (offsets.size() != 2) {
            throw json.error("data_offsets must be two, begin and end", start);
        }
    }

    private long bytes(String name, long start, Dtype dtype, List<Long> extents) throws WeightFormatException {
        try {
            long bits = dtype.bits();
            for (long extent : extents) {
                bits = Math.multiplyExact(bits, extent);
            }
            if (bits % Byte.SIZE != 0) {
                throw refused(name, start, dtype + " " + extents + " does not end on a byte");
            }
            return bits / Byte.SIZE;
        } catch (ArithmeticException e) {
            throw new WeightFormatException(file, start, about(name) + dtype + " " + extents + " is too large to count its bits", e);
        }
    }

    private void demandNoGaps() throws WeightFormatException {
        List<TensorInfo> byPlace = new ArrayList<>(tensors.values());
        byPlace.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
        long end = dataBegin;
        for (TensorInfo info : byPlace) {
            if (info.begin() != end) {
                String problem = info.begin() < end
                        ? "overlaps the tensor before it, which ends at byte " + end
                        : "begins here, but the tensor before it ends at byte " + end;
                throw refused(info.name(), info.begin(), problem);
            }
            end = info.end();
        }
        if (end > fileEnd) {
            throw new WeightFormatException(file, fileEnd, "the file ends here, its tensors end at byte " + end + ": it is truncated",
                    null);
        }
        if (end < fileEnd) {
            throw new WeightFormatException(file, end, "the tensors end here, the file goes on to byte " + fileEnd, null);
        }
    }

    private WeightFormatException refused(String name, long offset, String problem) {
        return new WeightFormatException(file, offset, about(name) + problem, null);
    }

    private static String about(String name) {
        return "tensor \"" + Source.abridged(name) + "\": ";
    }
}
