package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.Shared;
import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What PyTorch wrote (make_torch.py, beside the files) is read as PyTorch reads it.
class PyTorchTest {
    private static final List<String> NAMES = List.of("0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var",
            "1.num_batches_tracked");

    @TempDir
    Path folder;

    private static Weights open(String name) throws IOException {
        try {
            return Weights.open(Path.of(Objects.requireNonNull(PyTorchTest.class.getResource("/io/" + name), name).toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Weights open(byte[] bytes) throws IOException {
        return Weights.open(Files.write(folder.resolve("x.pt"), bytes));
    }

    private static void demand(Weights weights, String name, Shape shape, float... values) throws IOException {
        Tensor tensor = weights.tensor(name);
        assertEquals(shape, tensor.shape(), name);
        assertArrayEquals(values, tensor.toArray(), name);
    }

    // ---- both containers ----

    @ParameterizedTest
    @ValueSource(strings = {"torch_zip.pt", "torch_legacy.pt"})
    void every_type_is_widened(String file) throws IOException {
        Weights weights = open(file);
        demand(weights, "f32", Shape.of(2, 3), 0, 1, -2.5f, 3.25f, 1e-3f, 1e30f);
        demand(weights, "f64", Shape.of(3), 0.1f, 0, Float.NEGATIVE_INFINITY);
        demand(weights, "f16", Shape.of(3), 1, -2.5f, 65504);
        demand(weights, "bf16", Shape.of(3), 1, -3, Float.POSITIVE_INFINITY);
        demand(weights, "i64", Shape.of(3), -1, 5, 16777216);
        demand(weights, "i32", Shape.of(2), -0x1p31f, 7);
        demand(weights, "i16", Shape.of(2), -32768, 1);
        demand(weights, "i8", Shape.of(2), -128, 127);
        demand(weights, "u8", Shape.of(2), 255, 0);
        demand(weights, "bool", Shape.of(2), 1, 0);
        demand(weights, "scalar", Shape.of(), 42);
        demand(weights, "empty", Shape.of(0, 4));
        assertEquals(Indices.of(-1, 5, 16777216), weights.indices("i64"));
        assertEquals(Dtype.BF16, weights.info("bf16").dtype());
    }

    @ParameterizedTest
    @ValueSource(strings = {"torch_zip.pt", "torch_legacy.pt"})
    void views_are_read_with_their_offsets_and_strides(String file) throws IOException {
        Weights weights = open(file);
        demand(weights, "row", Shape.of(5), 5, 6, 7, 8, 9);
        demand(weights, "column", Shape.of(4), 2, 7, 12, 17);
        demand(weights, "corner", Shape.of(2, 2), 6, 9, 16, 19);
        demand(weights, "transposed", Shape.of(3, 2), 0, 3, 1, 4, 2, 5);
        demand(weights, "channels_last", Shape.of(1, 2, 2, 3), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        demand(weights, "expanded", Shape.of(3, 4), 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
        demand(weights, "windows", Shape.of(4, 3), 0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5);
        assertEquals(Indices.of(Shape.of(3, 2), 0, 3, 1, 4, 2, 5), weights.indices("integers"));
        assertEquals(14 * 4, weights.info("corner").bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"torch_zip.pt", "torch_legacy.pt"})
    void parameters_are_tensors_and_tied_ones_the_same_bytes(String file) throws IOException {
        Weights weights = open(file);
        demand(weights, "parameter", Shape.of(2), 1, -2);
        demand(weights, "frozen", Shape.of(1), 3);
        assertEquals(weights.info("parameter").begin(), weights.info("tied").begin());
        assertEquals(weights.info("base").begin() + 5 * 4, weights.info("row").begin());
    }

    @Test
    void the_containers_agree_bit_by_bit() throws IOException {
        Map<String, Tensor> zip = open("torch_zip.pt").tensors();
        Map<String, Tensor> legacy = open("torch_legacy.pt").tensors();
        assertEquals(List.copyOf(zip.keySet()), List.copyOf(legacy.keySet()));
        assertEquals(24, zip.size());
        zip.forEach((name, tensor) -> assertTrue(tensor.bitsEqual(Objects.requireNonNull(legacy.get(name))), name));
        assertEquals("pytorch", open("torch_zip.pt").format());
        assertEquals("pytorch-legacy", open("torch_legacy.pt").format());
    }

    @Test
    void types_without_a_storage_of_their_own_are_read() throws IOException {
        Weights weights = open("torch_more.pt");
        demand(weights, "u16", Shape.of(2), 65535, 1);
        demand(weights, "f8", Shape.of(2), 1.5f, -448);
        assertEquals(Dtype.C64, weights.info("c64").dtype());
    }

    // ---- names ----

    /// Options, dates and NumPy's numbers are objects that do nothing; what they hold is not among the names, but for tensors.
    @Test
    void objects_that_training_programs_keep_beside_weights_are_passed_over() throws IOException {
        String weight = Torch.tensor(Torch.storage("FloatStorage", "0", 2), 0, Torch.tuple(2), Torch.tuple(1));
        String namespace = Torch.global("argparse", "Namespace") + ")\u0081}" + Torch.text("lr") + "K\1sb";
        String type = Torch.global("numpy", "dtype") + "(" + Torch.text("f8") + "tR(K\3Ntb";
        String scalar = Torch.global("numpy._core.multiarray", "scalar") + "(" + type + Torch.text("x") + "tR";
        String attributes = Torch.global("pytorch_lightning.utilities.parsing", "AttributeDict") + ")\u0081" + Torch.text("lr") + "K\1s";
        String pickle = Torch.PROTO + "}" + Torch.text("args") + namespace + "s" + Torch.text("best") + scalar + "s"
                + Torch.text("hyper_parameters") + attributes + "s" + Torch.text("state_dict") + "}" + Torch.text("w") + weight + "ss.";
        Weights weights = Weights.open(Files.write(folder.resolve("run.pt"), Torch.zip(pickle, new byte[8])));
        assertEquals(Set.of("w"), weights.names());
        assertEquals("state_dict.", weights.wrapper());
    }

    /// A count beyond 2²⁴ that float32 does not hold.
    @Test
    void counts_can_be_read_as_the_nearest_number() throws IOException {
        byte[] storage = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong((1L << 24) + 1).array();
        String pickle = Torch.named("steps", Torch.tensor(Torch.storage("LongStorage", "0", 1), 0, Torch.tuple(), Torch.tuple()));
        Weights weights = Weights.open(Files.write(folder.resolve("steps.pt"), Torch.zip(pickle, storage)));
        assertThrows(WeightFormatException.class, () -> weights.tensor("steps"));
        assertEquals(1 << 24, weights.nearest("steps").item());
    }

    @Test
    void wrapped_weights_have_their_own_names_and_the_rest_is_metadata() throws IOException {
        Weights weights = open("torch_wrapped.pt");
        assertEquals(NAMES, List.copyOf(weights.names()));
        demand(weights, "0.weight", Shape.of(2, 2), 0, 1, 2, 3);
        demand(weights, "1.num_batches_tracked", Shape.of(), 7);
        assertEquals(
                Map.of("epoch", "3", "arch", "tiny", "best", "0.5", "done", "True", "none", "None", "milestones", "[10, 20]", "args.lr",
                        "0.1", "size", "[2, 3]"),
                weights.metadata());
    }

    @Test
    void with_tensors_elsewhere_names_are_full() throws IOException {
        Weights weights = open("torch_optimizer.pt");
        assertEquals(Shape.of(2, 2), weights.shape("model.0.weight"));
        assertEquals(Shape.of(2, 2), weights.shape("optimizer.state.0.momentum_buffer"));
        assertEquals("0.5", weights.metadata().get("optimizer.param_groups.0.lr"));
        assertEquals("[0, 1, 2]", weights.metadata().get("optimizer.param_groups.0.params"));
    }

    @Test
    void torch_script_modules_are_read_as_dictionaries() throws IOException {
        Weights weights = open("torch_scripted.pt");
        assertEquals("torchscript", weights.format());
        assertEquals(NAMES, List.copyOf(weights.names()));
        demand(weights, "0.weight", Shape.of(2, 2), 0, 1, 2, 3);
    }

    @Test
    void lists_are_numbered_and_a_tensor_alone_is_named_so() throws IOException {
        assertEquals(Set.of("0", "1.a"), open("torch_list.pt").names());
        demand(open("torch_tensor.pt"), "tensor", Shape.of(2), 0, 1);
    }

    // ---- containers PyTorch does not write ----

    private static byte[] floats(ByteOrder order, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static String rows(long extent, long elements) {
        return Torch.named("w", Torch.tensor(Torch.storage("FloatStorage", "0", elements), 0, Torch.tuple(extent), Torch.tuple(1)));
    }

    @Test
    void deflated_members_and_big_endian_ones_are_read() throws IOException {
        float[] values = new float[300_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("any name/data/0", floats(ByteOrder.BIG_ENDIAN, values));
        members.put("any name/byteorder", Torch.bytes("big"));
        String head = Torch.tensor(Torch.storage("FloatStorage", "0", 300_000), 5, Torch.tuple(2), Torch.tuple(1));
        String apart = Torch.tensor(Torch.storage("FloatStorage", "0", 300_000), 7, Torch.tuple(2, 3), Torch.tuple(1, 140_000));
        members.put("any name/data.pkl",
                Torch.bytes(Torch.PROTO + "}" + Torch.text("head") + head + "s" + Torch.text("apart") + apart + "s."));
        Weights weights = open(Torch.zip(members, ZipEntry.DEFLATED));
        demand(weights, "head", Shape.of(2), 5, 6);
        demand(weights, "apart", Shape.of(2, 3), 7, 140_007, 280_007, 8, 140_008, 280_008);
    }

    @Test
    void parts_of_storages_of_the_first_years_are_read() throws IOException {
        String part = "(" + Torch.text("storage") + Torch.global("torch", "FloatStorage") + Torch.text("0") + Torch.text("cpu")
                + Torch.whole(4) + "(" + Torch.text("1") + Torch.whole(1) + Torch.whole(3) + "ttQ";
        byte[] file = Torch.legacy(Torch.named("w", Torch.tensor(part, 1, Torch.tuple(2), Torch.tuple(1))),
                floats(ByteOrder.LITTLE_ENDIAN, 1, 2, 3, 4));
        demand(open(file), "w", Shape.of(2), 3, 4);
    }

    @Test
    void a_dictionary_of_python_2_is_read() throws IOException {
        String tensor = Torch.tensor(Torch.storage("FloatStorage", "0", 2), 0, Torch.tuple(2), Torch.tuple(1));
        String pairs = Torch.PROTO + Torch.global("collections", "OrderedDict") + "(]](U\1w" + tensor + "eatR.";
        demand(open(Torch.zip(pairs, floats(ByteOrder.LITTLE_ENDIAN, 1, 2))), "w", Shape.of(2), 1, 2);
    }

    @Test
    void a_tensor_of_several_chunks_comes_whole() throws IOException {
        float[] values = new float[400_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        byte[] bytes = floats(ByteOrder.LITTLE_ENDIAN, values);
        demand(open(Torch.zip(rows(400_001, 400_001), bytes)), "w", Shape.of(400_001), values);
        demand(open(Torch.legacy(rows(400_001, 400_001), bytes)), "w", Shape.of(400_001), values);
    }

    // ---- files people have ----

    /// SHA-256 over the float32 values of all tensors, sorted by name: PyTorch 2.13 gives the same of what `torch.load` reads.
    private static String digest(Weights weights) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Tensor tensor : new TreeMap<>(weights.tensors()).values()) {
            bytes.writeBytes(floats(ByteOrder.LITTLE_ENDIAN, tensor.toArray()));
        }
        return Hashes.sha256(bytes.toByteArray());
    }

    @Test
    @Tag("shared")
    void the_mnist_networks_are_what_pytorch_reads() throws IOException {
        Optional<Path> torch = Shared.find("data/weights/mnist_cnn.pt");
        Optional<Path> safe = Shared.find("data/weights/mnist_cnn.safetensors");
        if (torch.isPresent() && safe.isPresent()) {
            Weights zip = Weights.open(torch.get());
            Weights safetensors = Weights.open(safe.get());
            assertEquals("ffaa688d8796e7e33975c337ff100a69d589c8cbda39e0346dc91360e5e33b62", digest(zip));
            assertEquals("29cf89f4f3b4942b8e76ade2fbb3d21a986dbc02159f3f17231a73197d73c37d", digest(safetensors));
            assertEquals(safetensors.names(), zip.names());
            assertEquals(20, zip.names().size());
            zip.names().forEach(name -> assertEquals(safetensors.shape(name), zip.shape(name), name));
        }
    }

    @Test
    @Tag("shared")
    void the_residual_network_of_2018_is_what_pytorch_reads() throws IOException {
        Optional<Path> file = Shared.find("data/weights/resnet20-12fca82f.th");
        if (file.isPresent()) {
            Weights weights = Weights.open(file.get());
            assertEquals(97, weights.names().size());
            assertEquals(Shape.of(16, 3, 3, 3), weights.shape("module.conv1.weight"));
            assertEquals("91.78000183105469", weights.metadata().get("best_prec1"));
            assertEquals("dbf5b1f031beee354fe161a28af92836dcb9ea73b43dbb5378110105be202e4e", digest(weights));
        }
    }
}
