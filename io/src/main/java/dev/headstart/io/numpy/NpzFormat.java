package dev.headstart.io.numpy;

import dev.headstart.io.file.Region;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.Entry;
import dev.headstart.io.format.Refusal;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.io.zip.ArchiveFormat;
import dev.headstart.io.zip.ZipArchive;
import dev.headstart.io.zip.ZipArchive.Member;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads NumPy's files of several arrays ([dev.headstart.io.Npz] describes them).
public final class NpzFormat implements ArchiveFormat {
    private static final int BUFFER = 1 << 10;
    private static final long HEAP_PER_ARRAY = 2048;
    private static final long HEAP_PER_AXIS = 256;

    @Override
    public String name() {
        return NpyFormat.NAME;
    }

    @Override
    public boolean recognises(ZipArchive archive) {
        return archive.members().isEmpty() || archive.members().keySet().stream().anyMatch(name -> name.endsWith(NpyHeader.ENDING));
    }

    @Override
    public Contents read(ZipArchive archive) throws IOException {
        Source source = archive.source();
        List<Entry> entries = new ArrayList<>();
        Map<String, Refusal> refused = new LinkedHashMap<>();
        for (Member member : archive.members().values()) {
            String name = member.name();
            String array = name.endsWith(NpyHeader.ENDING) ? name.substring(0, name.length() - NpyHeader.ENDING.length()) : name;
            try {
                if (!name.endsWith(NpyHeader.ENDING)) {
                    throw new Refusal.Found(member.begin(), "not an array (.npy)");
                }
                Entry entry = entry(source, member, array);
                source.budget().allocate(HEAP_PER_ARRAY + HEAP_PER_AXIS * entry.info().extents().size(), shortage -> damaged(source,
                        member.begin(), array, "the table of contents may fill the heap: raise it with -Xmx" + shortage, null));
                entries.add(entry);
            } catch (Refusal.Found e) {
                refused.put(array, e.refusal());
            }
        }
        for (Entry entry : entries) {
            if (refused.containsKey(entry.info().name())) {
                throw damaged(source, entry.info().begin(), entry.info().name(), "is there twice", null);
            }
        }
        return new Contents("npz", entries, Map.of(), refused);
    }

    /// One array. A header need not be long: of a deflated one, no more than that is inflated.
    private static Entry entry(Source source, Member member, String name) throws IOException, Refusal.Found {
        Inflater inflater = new Inflater(true);
        Region bytes = new Region(source, member.begin(), member.end());
        try (InputStream in = member.deflated() ? new InflaterInputStream(bytes, inflater, BUFFER) : bytes) {
            NpyHeader header = NpyHeader.read(source, in, member.begin(), !member.deflated());
            long end = header.end() - (member.deflated() ? 0 : member.begin());
            if (end != member.size()) {
                throw damaged(source, member.begin(), name, "its array ends at its byte " + end + ", it has " + member.size(), null);
            }
            return member.deflated()
                    ? header.entry(name, member.begin(), member.end(), member.inflated(header.begin(), header.bytes()))
                    : header.entry(name, header.begin(), header.end(), null);
        } catch (ZipException | EOFException e) {
            throw damaged(source, member.begin(), name, "its bytes are no deflated stream: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    private static WeightFormatException damaged(Source source, long offset, String name, String problem, @Nullable Throwable cause) {
        return new WeightFormatException(source.file(), offset, "NumPy: \"" + Source.abridged(name) + "\": " + problem, cause);
    }
}
