package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pickles that PyTorch never writes, and those that would run something: refused with file, byte and reason, in both containers.
class PyTorchRejectTest {
    private static final String STORAGE = Torch.storage("FloatStorage", "0", 6);
    private static final byte[] SIX = new byte[24];

    @TempDir
    Path folder;

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.pt"), bytes);
    }

    /// Refused in both containers, at this place of the pickle.
    private void refuse(String pickle, int place, String says) throws IOException {
        refuse(Torch.zip(pickle, SIX), pickle, place, says);
        refuse(Torch.legacy(pickle, SIX), pickle, place, says);
    }

    private void refuse(byte[] whole, String pickle, int place, String says) throws IOException {
        Path file = written(whole);
        WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file));
        assertTrue(Refusals.message(e).contains(says), e.getMessage());
        int begin = new String(whole, StandardCharsets.ISO_8859_1).indexOf(pickle);
        assertTrue(Refusals.message(e).startsWith(file + ": byte " + (begin + place) + ": "), place + " in " + e.getMessage());
    }

    private void refuseTensor(String offset, String extents, String strides, String says) throws IOException {
        String call = Torch.global("torch._utils", "_rebuild_tensor_v2") + "(" + STORAGE + offset + extents + strides + "\u0089)tR";
        String pickle = Torch.named("w", call);
        refuse(pickle, pickle.length() - 3, says);
    }

    // ---- classes and functions ----

    @ParameterizedTest
    @CsvSource({"os,system", "posix,system", "nt,system", "builtins,eval", "__builtin__,eval", "builtins,getattr", "subprocess,Popen",
        "torch,load", "torch.hub,load", "torch.nn.modules.linear,Linear", "numpy.core,load", "__torch__,Net", "__main__,Net",
        "functools,reduce", "torch,FloatStorage.evil", "torch.storage,TypedStorage"})
    void other_classes_and_functions_are_refused_by_name(String module, String name) throws IOException {
        String pickle = Torch.PROTO + "}" + Torch.global(module, name) + "(" + Torch.text("echo") + "tR.";
        refuse(pickle, 3,
                "names the class or function " + module.replace("__builtin__", "builtins") + "." + name + ", and only weights are");
    }

    @ParameterizedTest
    @ValueSource(strings = {"torch_evil.pt", "torch_evil_legacy.pt", "torch_module.pt", "torch_sparse.pt", "torch_quantized.pt"})
    void what_pytorch_wrote_and_is_no_dense_tensor_is_refused_by_name(String name) throws IOException {
        String says = name.contains("evil")
                ? "posix.system"
                : name.contains("module") ? "torch.nn.modules.container.Sequential" : name.substring(6, name.length() - 3) + " tensor";
        Path file = written(Damage.resource(name));
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(file)).contains(says), name);
    }

    @ParameterizedTest
    @CsvSource({"ultralytics.nn.tasks,DetectionModel,torch.save(torch.load('x.pt'; weights_only=False)['model'].float().state_dict()",
        "torchvision.models.resnet,ResNet,torch.save(torch.load('x.pt'; weights_only=False).state_dict(); 'weights.pt')"})
    void whole_modules_are_refused_with_the_line_that_saves_their_weights(String module, String name, String line) throws IOException {
        refuse(Torch.PROTO + Torch.global(module, name) + ")\u0081.", 2, line.replace(';', ','));
    }

    @Test
    void names_have_a_limit_and_are_utf8() throws IOException {
        refuse(Torch.PROTO + "c" + "x".repeat(2000) + "\n", 3, "more than 1000 bytes");
        refuse(Torch.PROTO + "c\u00ff\n\n)R.", 3, "not UTF-8");
        refuse(Torch.PROTO + "U\1\u00ff.", 4, "not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"N)R", "ctorch\nfloat32\n)R", "ctorch\nFloatStorage\n)R", "ctorch\nTensor\n)\u0081",
        "ctorch.nn.parameter\nParameter\n)\u0081", "ctorch._utils\n_rebuild_tensor_v2\n)R", "ctorch._utils\n_rebuild_tensor_v3\n)R",
        "ctorch._tensor\n_rebuild_from_type_v2\n)R", "ccollections\nOrderedDict\nNR", "ccollections\nOrderedDict\n(K\1\u0085tR"})
    void calls_of_what_cannot_be_called_so_are_refused(String call) throws IOException {
        refuse(Torch.PROTO + call + ".", 2 + call.length() - 1,
                call.startsWith("N") || call.endsWith("NR") ? "calls something" : "does not take");
    }

    @Test
    void states_of_things_without_one_are_refused() throws IOException {
        refuse(Torch.PROTO + "]}b.", 4, "sets the state");
        refuse(Torch.PROTO + "}Nb.", 4, "sets the state");
    }

    // ---- opcodes ----

    @ParameterizedTest
    @ValueSource(chars = {'\u0094', '\u0093', '\u008c', 'i', 'o', 'd', 'l', 'p', 'g', 'P', 'F', 'I', 'L', 'S', 'T', 'V', 'B', 'C', '0', '1',
        '2',
        '\u0082', '\u0083', '\u0084', '\u008b', '\u008d', '\u008e', '\u0090', '\u0091', '\u0092', '\u0095', '\u0096', '\u0000', '\u00ff'})
    void other_opcodes_are_refused(char opcode) throws IOException {
        refuse(Torch.PROTO + "}" + opcode + "x\nx\n.", 3, "opcode 0x%02x is none".formatted((int) opcode));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0080\1}.", "\u0080\3}.", "\u0080\5}.", "}.", "cos\nsystem\n."})
    void other_protocols_are_refused(String pickle) throws IOException {
        refuse(Torch.zip(pickle, SIX), pickle, 0, "not a pickle of protocol 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "a", "s", "\u0085", "R", "b", "Q", "q\0", "(.", "(Na", "(N}s", "}}.", "(}."})
    void a_stack_that_is_not_as_it_must_be_is_refused(String program) throws IOException {
        String pickle = Torch.PROTO + program;
        int last = pickle.endsWith("q\0") ? 2 : pickle.length() - 1;
        refuse(pickle, last, "stack");
    }

    @Test
    void marks_and_memos_that_are_not_there_are_refused() throws IOException {
        refuse(Torch.PROTO + "t", 2, "looks for a mark");
        refuse(Torch.PROTO + "h\5.", 2, "recalls number 5");
        refuse(Torch.PROTO + "j\5\5\5\5.", 2, "recalls number 84215045");
    }

    @Test
    void items_of_the_wrong_things_are_refused() throws IOException {
        refuse(Torch.PROTO + "}Na.", 4, "no list");
        refuse(Torch.PROTO + ")Na.", 4, "no list");
        refuse(Torch.PROTO + "]NNs.", 5, "no dictionary");
        refuse(Torch.PROTO + "}(NNNu.", 7, "3 keys and values");
        refuse(Torch.PROTO + "NQ.", 3, "no storage");
        refuse(Torch.PROTO + "(" + Torch.text("module") + "NNNNtQ.", 19, "no storage");
    }

    @Test
    void a_length_beyond_the_pickle_is_refused_before_memory_is_taken() throws IOException {
        refuse(Torch.legacy(Torch.PROTO + "X\u00ff\u00ff\u00ff\u00ff", SIX), Torch.PROTO + "X", 7, "4294967295 bytes are said to follow");
        refuse(Torch.zip(Torch.PROTO + "X\u00ff\u00ff\u00ff\u007fabc", SIX), Torch.PROTO + "X", 10, "the pickle ends here");
    }

    @Test
    void bytes_after_the_pickle_are_refused() throws IOException {
        refuse(Torch.zip(Torch.PROTO + "}.N", SIX), Torch.PROTO + "}.N", 4, "its member goes on");
    }

    // ---- tensors ----

    @Test
    void views_that_leave_their_storage_are_refused() throws IOException {
        refuseTensor(Torch.whole(1), Torch.tuple(6), Torch.tuple(1),
                "[6] with strides [1] from element 1 on leaves its storage \"0\" of 6");
        refuseTensor(Torch.whole(0), Torch.tuple(7), Torch.tuple(1), "leaves");
        refuseTensor(Torch.whole(0), Torch.tuple(2, 2), Torch.tuple(5, 1), "leaves");
        refuseTensor(Torch.whole(6), Torch.tuple(), Torch.tuple(), "leaves");
        refuseTensor(Torch.whole(7), Torch.tuple(0), Torch.tuple(1), "leaves");
        refuseTensor(Torch.whole((1L << 48) - 1), Torch.tuple(1), Torch.tuple(1), "leaves");
        refuseTensor(Torch.whole(0), Torch.tuple((1L << 31), (1L << 31)), Torch.tuple((1L << 47), (1L << 47)), "too large");
        refuseTensor(Torch.whole(0), Torch.tuple((1L << 40)), Torch.tuple((1L << 40)), "leaves");
    }

    @Test
    void numbers_that_are_no_natural_ones_are_refused() throws IOException {
        refuseTensor(Torch.whole(-1), Torch.tuple(1), Torch.tuple(1), "offset must be an integer from 0");
        refuseTensor("N", Torch.tuple(1), Torch.tuple(1), "offset must be");
        refuseTensor(Torch.whole(0), Torch.tuple(-1), Torch.tuple(1), "an extent or stride must be");
        refuseTensor(Torch.whole(0), Torch.tuple(2), Torch.tuple(-1), "an extent or stride must be");
        refuseTensor(Torch.whole(0), "(\u0088t", Torch.tuple(1), "an extent or stride must be");
        refuseTensor(Torch.whole(0), Torch.tuple(1L << 48), Torch.tuple(0), "an extent or stride must be");
        refuseTensor(Torch.whole(0), "(\u008a\u0009" + "\u00ff".repeat(8) + "\0t", Torch.tuple(1), "an extent or stride must be");
    }

    @Test
    void axes_and_strides_must_be_as_many_and_not_too_many() throws IOException {
        refuseTensor(Torch.whole(0), Torch.tuple(2, 3), Torch.tuple(1), "[2, 3] with strides [1]");
        refuseTensor(Torch.whole(0), Torch.tuple(new long[65]), Torch.tuple(new long[65]), "65 axes, the limit is 64");
        refuseTensor(Torch.whole(0), Torch.tuple(1L << 47, 1L << 47), Torch.tuple(0, 0), "too large to count its bits");
    }

    @Test
    void storages_must_be_there_and_long_enough() throws IOException {
        String missing = Torch.named("w", Torch.tensor(Torch.storage("FloatStorage", "1", 6), 0, Torch.tuple(1), Torch.tuple(1)));
        refuse(Torch.zip(missing, SIX), missing, missing.length() - 3, "storage \"1\": it is not in the file");
        String longer = Torch.named("w", Torch.tensor(Torch.storage("FloatStorage", "0", 7), 0, Torch.tuple(1), Torch.tuple(1)));
        refuse(Torch.zip(longer, SIX), longer, longer.length() - 3, "its 7 elements are 28 bytes, the file has 24");
        String wider = Torch.named("w", Torch.tensor(Torch.storage("DoubleStorage", "0", 6), 0, Torch.tuple(1), Torch.tuple(1)));
        refuse(Torch.zip(wider, SIX), wider, wider.length() - 3, "48 bytes");
        String outside = Torch.named("w", Torch.tensor(Torch.storage("FloatStorage", "../data.pkl", 1), 0, Torch.tuple(1), Torch.tuple(1)));
        refuse(Torch.zip(outside, SIX), outside, outside.length() - 3, "not in the file");
    }

    @Test
    void negated_views_are_refused() throws IOException {
        String flags = "}" + Torch.text("neg") + "\u0088s";
        String call = Torch.global("torch._utils", "_rebuild_tensor_v2") + "(" + STORAGE + Torch.whole(0) + Torch.tuple(6) + Torch.tuple(1)
                + "\u0089)" + flags + "tR";
        String pickle = Torch.named("w", call);
        refuse(pickle, pickle.length() - 3, "negated");
    }

    @Test
    void a_byte_order_that_is_none_is_refused() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("x/data.pkl", Torch.bytes(Torch.PROTO + "}."));
        members.put("x/byteorder", Torch.bytes("middle"));
        refuse(Torch.zip(members, ZipEntry.STORED), "middle", 0, "neither little nor big");
        members.put("y/data.pkl", Torch.bytes(Torch.PROTO + "}."));
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(written(Torch.zip(members, ZipEntry.STORED))))
                .contains("a second pickle beside x/data.pkl"));
    }

    // ---- names ----

    @Test
    void two_tensors_of_one_name_are_refused() throws IOException {
        String tensor = Torch.tensor(STORAGE, 0, Torch.tuple(1), Torch.tuple(1));
        String twice = Torch.PROTO + "}" + (Torch.text("w") + tensor + "s").repeat(2) + ".";
        refuse(twice, 0, "two tensors are named \"w\"");
        String dotted = Torch.PROTO + "}" + Torch.text("a") + "}" + Torch.text("b") + tensor + "ss" + Torch.text("a.b") + tensor + "s.";
        refuse(dotted, 0, "two tensors are named \"a.b\"");
        refuse(Torch.PROTO + "}" + ")" + tensor + "s.", 0, "neither texts nor numbers");
    }

    @Test
    void dictionaries_within_themselves_are_refused() throws IOException {
        refuse(Torch.PROTO + "}q\0" + Torch.text("a") + "h\0s.", 0, "hold each other, deeper than 100");
        refuse(Torch.PROTO + "]q\0h\0a.", 0, "hold each other");
        StringBuilder laughs = new StringBuilder(Torch.PROTO + "]q\0");
        for (char i = 1; i < 60; i++) {
            laughs.append("](").append(("h" + (char) (i - 1)).repeat(4)).append("eq").append(i);
        }
        String many = laughs.toString().replaceFirst("\\]q", "(]q") + "t.";
        refuse(many, 0, "more often than so short a pickle can mean");
    }

    // ---- the old form ----

    private static String machine(String state) {
        return Torch.MAGIC + Torch.PROTO + "M\u00e9\3." + state;
    }

    @ParameterizedTest
    @ValueSource(strings = {"M\u00e8\3.", "N.", "}."})
    void another_protocol_of_the_old_form_is_refused(String protocol) throws IOException {
        refuse(Torch.bytes(Torch.MAGIC + Torch.PROTO + protocol), Torch.MAGIC, 15, "the protocol is not 1001");
    }

    @Test
    void a_machine_without_byte_order_is_refused() throws IOException {
        refuse(Torch.bytes(machine(Torch.PROTO + "}.")), Torch.MAGIC, 21, "byte order is missing");
        refuse(Torch.bytes(machine(Torch.PROTO + "N.")), Torch.MAGIC, 21, "byte order is missing");
    }

    @Test
    void storages_of_the_old_form_must_be_as_listed() throws IOException {
        String pickle = Torch.named("w", Torch.tensor(STORAGE, 0, Torch.tuple(1), Torch.tuple(1)));
        byte[] whole = Torch.legacy(pickle, SIX);
        assertEquals(Shape.of(1), Weights.open(written(whole)).shape("w"));
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        String keys = Torch.PROTO + "]" + Torch.text("0") + "a.";
        refuse(Torch.bytes(text.replace(keys, Torch.PROTO + "N.")), pickle, pickle.length(), "no list");
        refuse(Torch.bytes(text.replace(keys, keys.replace('0', '1'))), pickle, pickle.length(), "to which no tensor refers");
        refuse(Torch.bytes(text.replace(keys, Torch.PROTO + "].")), pickle, pickle.length() + 4, "the file goes on");
        refuse(Torch.bytes(text + "\0"), pickle, pickle.length() + keys.length() + 32, "the file goes on");
        refuse(Torch.bytes(text.replace(keys + "\6", keys + "\7")), pickle, pickle.length() + keys.length(),
                "its 6 elements should follow");
        refuse(Torch
                .bytes(text.replace(keys, Torch.PROTO + "](" + Torch.text("0").repeat(2) + "e.") + "\6\0\0\0\0\0\0\0" + "\0".repeat(24)),
                pickle, pickle.length(), "listed twice");
    }

    // ---- tensors larger than their file ----

    @Test
    void repeated_elements_have_a_limit() throws IOException {
        String large = Torch.named("w", Torch.tensor(STORAGE, 0, Torch.tuple(1 << 25, 2), Torch.tuple(0, 1)));
        Weights weights = Weights.open(written(Torch.zip(large, SIX)));
        assertTrue(Refusals.message(WeightFormatException.class, () -> weights.tensor("w")).contains("the limit is 16777216"));
        String many = Torch.named("w", Torch.tensor(STORAGE, 0, Torch.tuple(1 << 20, 2), Torch.tuple(0, 1)));
        assertEquals(1 << 21, Weights.open(written(Torch.zip(many, SIX))).tensor("w").size());
    }

    @Test
    void overlapping_elements_have_a_limit() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        int elements = (1 << 24) + 10;
        String storage = Torch.storage("FloatStorage", "0", elements);
        members.put("x/data.pkl", Torch.bytes(Torch.PROTO + "}" + Torch.text("w")
                + Torch.tensor(storage, 0, Torch.tuple(2, 2, 2), Torch.tuple((1 << 23) + 1, 1 << 23, 1)) + "s" + Torch.text("v")
                + Torch.tensor(storage, 0, Torch.tuple(2, 2, 2), Torch.tuple(1001, 1000, 1)) + "s."));
        members.put("x/data/0", new byte[4 * elements]);
        Weights weights = Weights.open(written(Torch.zip(members, ZipEntry.DEFLATED)));
        assertEquals(8, weights.tensor("v").size());
        assertTrue(Refusals.message(WeightFormatException.class, () -> weights.tensor("w")).contains("overlap within"));
    }
}
