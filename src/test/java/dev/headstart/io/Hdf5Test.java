package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.Shared;
import dev.headstart.io.json.Json;
import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// HDF5 files that h5py and Keras wrote. Of each dataset of numbers in the fixtures, element i is (7 i) mod 23 - 5.
class Hdf5Test {
    @TempDir
    Path folder;

    private static Weights open(String name) throws IOException {
        return Weights.open(Fixtures.file("hdf5/" + name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"early.h5", "latest.h5", "narrow.h5", "dense.h5", "small.weights.h5", "whole.h5", "small.keras"})
    void every_tensor_has_the_values_that_were_written(String name) throws IOException {
        Weights weights = open(name);
        assertFalse(weights.names().isEmpty());
        Map<String, Tensor> tensors = weights.tensors();
        for (TensorInfo info : weights.infos().values()) {
            Fixtures.demandPattern(weights, info);
            assertTrue(weights.tensor(info.name()).bitsEqual(Objects.requireNonNull(tensors.get(info.name()))), info.name());
        }
    }

    @Test
    void every_type_of_number_is_read_in_both_orders() throws IOException {
        Set<Dtype> types = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        for (TensorInfo info : open("early.h5").infos().values()) {
            types.add(info.dtype());
            names.add(info.name());
        }
        assertEquals(Set.of(Dtype.I8, Dtype.I16, Dtype.I32, Dtype.I64, Dtype.U8, Dtype.U16, Dtype.U32, Dtype.U64, Dtype.F16, Dtype.BF16,
                Dtype.F32, Dtype.F64), types);
        assertEquals(25, names.size());
        assertTrue(names.containsAll(Set.of("numbers/big_float64", "numbers/float64", "numbers/compact", "numbers/scalar")));
    }

    @Test
    void shapes_are_those_of_the_datasets() throws IOException {
        Weights weights = open("early.h5");
        assertEquals(Shape.of(), weights.shape("numbers/scalar"));
        assertEquals(Shape.of(0, 4), weights.shape("numbers/empty"));
        assertEquals(Shape.of(2, 1, 3, 2), weights.shape("numbers/axes"));
        assertEquals(Shape.of(3, 2), weights.shape("numbers/compact"));
    }

    @Test
    void attributes_that_are_texts_are_metadata() throws IOException {
        assertEquals(Map.of("keras_version", "2.15.0", "backend", "tensorflow", "layer_names", "[\"conv2d\",\"denseé\"]", "variable",
                "[\"\",\"conv2d\",\"déjà 你好\"]", "numbers/weight_names", "[\"a\",\"bc\"]", "numbers/padded", "ab"),
                open("early.h5").metadata());
        assertEquals(Map.of("backend", "torch", "few/layer_names", "[\"x\",\"y\"]"), open("latest.h5").metadata());
        assertEquals(Map.of("backend", "tensorflow"), open("narrow.h5").metadata());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chunked    | chunked layout, which is not read: rewrite the file with h5repack -l CONTI -f NONE
            packed     | chunked layout with filters: shuffle, deflate: rewrite the file with h5repack
            external   | external storage: its data is in other files
            unwritten  | never written: its values are the fill value
            virtual    | virtual layout: its data is in other datasets
            compound   | of type compound
            text       | of type string
            texts      | of type string
            bool       | of type enumeration
            complex    | of type compound
            long       | of type floating-point number of 16 bytes
            null       | null dataspace
            reference  | of type reference
            opaque     | of type opaque
            type       | neither a dataset nor a group
            shared     | its datatype is shared
            soft       | a soft link, which is not followed
            other_file | a link into another file
            again      | a second link to numbers/float32
            cycle      | a second link to /
            same_group | a second link to numbers
            """)
    void what_is_not_read_is_refused_by_name_when_it_is_asked_for(String name, String says) throws IOException {
        Weights weights = open("early.h5");
        String path = "refused/" + name;
        assertFalse(weights.names().contains(path));
        String message = Refusals.message(WeightFormatException.class, () -> weights.tensor(path));
        assertTrue(message.contains("\"" + path + "\" cannot be read: ") && message.contains(says), message);
        assertEquals(message, Refusals.message(WeightFormatException.class, () -> weights.indices(path)));
        assertEquals(message, Refusals.message(IllegalArgumentException.class, () -> weights.info(path)));
    }

    @Test
    void a_whole_model_has_the_names_below_model_weights() throws IOException {
        Weights weights = open("whole.h5");
        assertEquals(Set.of("conv/sequential/conv/bias", "conv/sequential/conv/kernel", "head/sequential/head/bias",
                "head/sequential/head/kernel", "norm/sequential/norm/beta", "norm/sequential/norm/gamma",
                "norm/sequential/norm/moving_mean", "norm/sequential/norm/moving_variance"), weights.names());
        assertEquals("[\"conv\",\"norm\",\"flat\",\"head\"]", weights.metadata().get("layer_names"));
        assertEquals("[\"sequential/conv/kernel\",\"sequential/conv/bias\"]", weights.metadata().get("conv/weight_names"));
        assertEquals("torch", weights.metadata().get("backend"));
        assertTrue(Json.parse(weights.metadata().getOrDefault("model_config", "")) instanceof Json.Obj);
    }

    @Test
    void an_archive_of_keras_has_the_tensors_of_its_weights() throws IOException {
        Weights archive = open("small.keras");
        Weights weights = open("small.weights.h5");
        assertEquals("keras", archive.format());
        assertEquals("hdf5", weights.format());
        assertEquals(weights.names(), archive.names());
        Map<String, String> own = new LinkedHashMap<>(archive.metadata());
        assertTrue(String.valueOf(own.remove("model_config")).startsWith("{\"module\": \"keras\", \"class_name\": \"Sequential\""));
        assertEquals("3.15.1", own.remove("keras_version"));
        own.remove("date_saved");
        assertEquals(weights.metadata(), own);
        assertEquals(Shape.of(3, 3, 1, 2), archive.shape("layers/conv2d/vars/0"));
    }

    @Test
    void an_archive_whose_weights_are_deflated_is_refused_with_the_remedy() throws IOException {
        Path file = folder.resolve("x.keras");
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("model.weights.h5"));
            zip.write(Files.readAllBytes(Fixtures.file("hdf5/small.weights.h5")));
        }
        String message = Refusals.message(WeightFormatException.class, () -> Weights.open(file));
        assertTrue(message.contains("model.weights.h5 is deflated: unzip the file and open that"), message);
    }

    // ---- the judge: jhdf ----

    @ParameterizedTest
    @ValueSource(strings = {"early.h5", "latest.h5", "narrow.h5", "dense.h5", "small.weights.h5", "whole.h5"})
    void an_independent_reader_finds_the_same(String name) throws IOException {
        compareWithJhdf(Fixtures.file("hdf5/" + name));
    }

    @Test
    @Tag("shared")
    void an_independent_reader_finds_the_same_in_a_published_lenet() throws IOException {
        Optional<Path> file = Shared.find("data/weights/lenet_fashion.h5");
        if (file.isPresent()) {
            Weights weights = Weights.open(file.get());
            assertEquals(Shape.of(3, 3, 32, 64), weights.shape("conv2d_1/conv2d_1/kernel:0"));
            assertEquals(Shape.of(3136, 256), weights.shape("dense/dense/kernel:0"));
            assertEquals("2.2.4-tf", weights.metadata().get("keras_version"));
            assertEquals("tensorflow", weights.metadata().get("backend"));
            assertEquals("[\"conv2d/kernel:0\",\"conv2d/bias:0\"]", weights.metadata().get("conv2d/weight_names"));
            assertEquals(10, compareWithJhdf(file.get()));
        }
    }

    /// Compares every tensor, and every dataset of ours is one of jhdf's; says how many.
    private static int compareWithJhdf(Path file) throws IOException {
        Weights weights = Weights.open(file);
        try (HdfFile judge = new HdfFile(file)) {
            String top = judge.getChildren().containsKey("model_weights") ? "/model_weights/" : "/";
            for (TensorInfo info : weights.infos().values()) {
                if (info.dtype() == Dtype.BF16 || info.elements() == 0) {
                    continue; // jhdf takes bfloat16 for binary16, and gives nothing for no elements
                }
                Dataset dataset = judge.getDatasetByPath(top + info.name());
                assertEquals(info.shape(), Shape.of(dataset.getDimensions()), info.name());
                List<Float> expected = new ArrayList<>();
                flatten(dataset.getData(), expected);
                float[] found = weights.tensor(info.name()).toArray();
                float[] judged = new float[expected.size()];
                for (int i = 0; i < judged.length; i++) {
                    judged[i] = expected.get(i);
                }
                assertArrayEquals(judged, found, info.name());
            }
            Set<String> paths = new TreeSet<>();
            paths(judge, "", paths, 0);
            paths.removeIf(path -> path.startsWith("refused/"));
            Set<String> ours = new TreeSet<>();
            weights.names().forEach(name -> ours.add(top.substring(1) + name));
            assertEquals(paths, ours);
        }
        return weights.names().size();
    }

    private static void paths(Group group, String path, Set<String> into, int depth) {
        for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
            if (child.getValue() instanceof Group below && depth < 8 && !child.getKey().equals("refused")) {
                paths(below, path + child.getKey() + "/", into, depth + 1);
            } else if (child.getValue() instanceof Dataset) {
                into.add(path + child.getKey());
            }
        }
    }

    private static void flatten(Object data, List<Float> into) {
        if (data instanceof Number number) {
            into.add(number.floatValue());
        } else {
            for (int i = 0; i < Array.getLength(data); i++) {
                flatten(Array.get(data, i), into);
            }
        }
    }
}
