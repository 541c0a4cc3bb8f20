package dev.headstart.io.pytorch;

import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.zip.ArchiveFormat;
import dev.headstart.io.zip.ZipArchive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the table of contents of what `torch.save` writes since PyTorch 1.6, and of TorchScript files.
///
/// The file is a zip: `<name>/data.pkl` is the pickle ([Unpickler]), `<name>/data/<key>` the bytes of each storage, `<name>/byteorder`
/// says `little` or `big`. Members are stored as they are, though deflated ones are read too. TorchScript has `constants.pkl` and code
/// beside them, which are ignored; its modules are read as dictionaries of what they hold.
public final class PyTorchZip implements ArchiveFormat {
    private static final String PICKLE = "/data.pkl";
    private static final int LONGEST_ORDER = 16;

    @Override
    public String name() {
        return PyTorchLegacy.NAME;
    }

    /// Whether there is a pickle where PyTorch puts it.
    @Override
    public boolean recognises(ZipArchive archive) {
        return archive.members().keySet().stream().anyMatch(PyTorchZip::isPickle);
    }

    private static boolean isPickle(String member) {
        return member.endsWith(PICKLE) && member.indexOf('/') == member.length() - PICKLE.length();
    }

    @Override
    public Contents read(ZipArchive archive) throws IOException {
        Map<String, ZipArchive.Member> members = archive.members();
        List<ZipArchive.Member> pickles = members.values().stream().filter(member -> isPickle(member.name())).toList();
        ZipArchive.Member pickle = pickles.getFirst();
        if (pickles.size() > 1) {
            throw archive.refused(pickles.get(1).begin(), "a second pickle beside " + Source.abridged(pickle.name()), null);
        }
        String folder = pickle.name().substring(0, pickle.name().length() - PICKLE.length()) + "/";
        boolean scripted = members.containsKey(folder + "constants.pkl");
        byte[] program = archive.bytes(pickle, Long.MAX_VALUE, Unpickler.HEAP_PER_BYTE);
        PickleBytes bytes = new PickleBytes(archive.source(), new ByteArrayInputStream(program), pickle::place, Long.MAX_VALUE, 0);
        Pickled root = new Unpickler(bytes, scripted).read();
        if (bytes.position() != program.length) {
            throw bytes.refused(bytes.offset(), "the pickle ends here, its member goes on", null);
        }
        StateDict state = StateDict.of(root, bytes, pickle.begin());
        StoragePlaces places = new StoragePlaces(storages(members, folder + "data/"), order(archive, members.get(folder + "byteorder")));
        return places.contents(scripted ? "torchscript" : "pytorch", state, bytes);
    }

    private static Map<String, ZipArchive.Member> storages(Map<String, ZipArchive.Member> members, String folder) {
        Map<String, ZipArchive.Member> storages = new HashMap<>();
        members.forEach((name, member) -> {
            if (name.startsWith(folder)) {
                storages.put(name.substring(folder.length()), member);
            }
        });
        return storages;
    }

    private static ByteOrder order(ZipArchive archive, ZipArchive.@Nullable Member member) throws IOException {
        if (member == null) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        return switch (new String(archive.bytes(member, LONGEST_ORDER, 1), StandardCharsets.ISO_8859_1)) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw archive.refused(member.begin(), "the byte order is neither little nor big", null);
        };
    }
}
