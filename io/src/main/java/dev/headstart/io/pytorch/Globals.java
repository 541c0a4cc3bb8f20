package dev.headstart.io.pytorch;

import dev.headstart.io.weights.Dtype;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The classes and functions a PyTorch pickle may name, and what each stands for. All others are refused.
final class Globals {
    /// What is done when a global is called.
    enum Role {
        /// A dictionary: `OrderedDict`, `Counter`.
        DICT,
        /// A set.
        SET,
        /// `torch.Size`: a tuple.
        SIZE,
        /// A device, bytes, a complex number: kept as words.
        WORDS,
        /// A class of storages.
        STORAGE,
        /// The type of a tensor's elements.
        DTYPE,
        /// `_rebuild_tensor` and `_v2`: a typed storage, offset, extents, strides and what does not matter here.
        TENSOR,
        /// `_rebuild_tensor_v3`: an untyped storage and the type beside it.
        UNTYPED_TENSOR,
        /// `_rebuild_parameter`, `Parameter`: the tensor that comes first.
        PARAMETER,
        /// `_rebuild_from_type_v2`: a function and what to call it with.
        FROM_TYPE,
        /// The class of tensors, named but never called.
        CLASS,
        /// A TorchScript class.
        SCRIPTED,
        /// What training programs keep beside weights: options, dates, paths, numbers of NumPy. It is an object that does nothing.
        OBJECT
    }

    /// Names of [Role#OBJECT].
    private static final Set<String> OBJECTS = Set.of("argparse.Namespace", "types.SimpleNamespace", "collections.defaultdict",
            "collections.deque", "datetime.datetime", "datetime.date", "datetime.timedelta", "datetime.timezone", "decimal.Decimal",
            "functools.partial", "uuid.UUID", "copyreg._reconstructor", "copy_reg._reconstructor", "torch.torch_version.TorchVersion",
            "builtins.list", "builtins.dict", "builtins.tuple", "builtins.frozenset", "builtins.int", "builtins.float", "builtins.str",
            "builtins.bool", "builtins.slice", "builtins.range", "builtins.object");

    /// Beginnings of the names of more of them.
    private static final List<String> OBJECTS_OF = List.of("pathlib.", "numpy.core.multiarray.", "numpy._core.multiarray.", "numpy.dtype",
            "numpy.ndarray", "numpy.dtypes.", "pytorch_lightning.", "lightning.", "lightning_fabric.", "omegaconf.", "easydict.", "addict.",
            "yacs.", "ml_collections.", "mmcv.utils.config.", "mmengine.config.", "typing.", "torch.optim.");

    /// Types by the name after `torch.`, and storages by the name before `Storage`.
    private static final Map<String, Dtype> DTYPES = new HashMap<>();
    private static final Map<String, Dtype> STORAGES = new HashMap<>();
    private static final Map<String, Role> ROLES = new HashMap<>();
    private static final Map<String, String> REFUSED = new HashMap<>();

    static {
        storage("Float", Dtype.F32, "float32", "float");
        storage("Double", Dtype.F64, "float64", "double");
        storage("Half", Dtype.F16, "float16", "half");
        storage("BFloat16", Dtype.BF16, "bfloat16");
        storage("Long", Dtype.I64, "int64", "long");
        storage("Int", Dtype.I32, "int32", "int");
        storage("Short", Dtype.I16, "int16", "short");
        storage("Char", Dtype.I8, "int8");
        storage("Byte", Dtype.U8, "uint8");
        storage("Bool", Dtype.BOOL, "bool");
        storage("ComplexFloat", Dtype.C64, "complex64", "cfloat");
        DTYPES.put("uint16", Dtype.U16);
        DTYPES.put("uint32", Dtype.U32);
        DTYPES.put("uint64", Dtype.U64);
        DTYPES.put("float8_e4m3fn", Dtype.F8_E4M3);
        DTYPES.put("float8_e5m2", Dtype.F8_E5M2);
        DTYPES.put("float8_e4m3fnuz", Dtype.F8_E4M3FNUZ);
        DTYPES.put("float8_e5m2fnuz", Dtype.F8_E5M2FNUZ);
        DTYPES.put("float8_e8m0fnu", Dtype.F8_E8M0);
        ROLES.put("collections.OrderedDict", Role.DICT);
        ROLES.put("collections.Counter", Role.DICT);
        ROLES.put("builtins.set", Role.SET);
        ROLES.put("torch.Size", Role.SIZE);
        ROLES.put("torch.device", Role.WORDS);
        ROLES.put("_codecs.encode", Role.WORDS);
        ROLES.put("builtins.bytearray", Role.WORDS);
        ROLES.put("builtins.complex", Role.WORDS);
        ROLES.put("torch.storage.UntypedStorage", Role.STORAGE);
        ROLES.put("torch._utils._rebuild_tensor", Role.TENSOR);
        ROLES.put("torch._utils._rebuild_tensor_v2", Role.TENSOR);
        ROLES.put("torch._utils._rebuild_tensor_v3", Role.UNTYPED_TENSOR);
        ROLES.put("torch._utils._rebuild_parameter", Role.PARAMETER);
        ROLES.put("torch._utils._rebuild_parameter_with_state", Role.PARAMETER);
        ROLES.put("torch.nn.parameter.Parameter", Role.PARAMETER);
        ROLES.put("torch._tensor._rebuild_from_type_v2", Role.FROM_TYPE);
        ROLES.put("torch.Tensor", Role.CLASS);
        REFUSED.put("torch._utils._rebuild_sparse_tensor", "a sparse tensor");
        REFUSED.put("torch.serialization._get_layout", "a sparse tensor");
        REFUSED.put("torch._utils._rebuild_qtensor", "a quantized tensor");
        REFUSED.put("torch._utils._rebuild_nested_tensor", "a nested tensor");
        REFUSED.put("torch._utils._rebuild_meta_tensor_no_storage", "a tensor of the meta device, which has no elements");
        REFUSED.put("torch.ComplexDoubleStorage", "complex numbers of two doubles");
        for (String quantized : new String[] {"QInt8", "QUInt8", "QInt32", "QUInt4x2", "QUInt2x4"}) {
            REFUSED.put("torch." + quantized + "Storage", "a quantized tensor");
        }
    }

    private Globals() {}

    private static void storage(String name, Dtype dtype, String... types) {
        STORAGES.put("torch." + name + "Storage", dtype);
        ROLES.put("torch." + name + "Storage", Role.STORAGE);
        for (String type : types) {
            DTYPES.put(type, dtype);
        }
    }

    /// The class or function of this name, or nothing when it is not allowed.
    static Pickled.@Nullable Global find(String name, boolean scripted) {
        Role role = ROLES.get(name);
        if (role == null && name.startsWith("torch.") && DTYPES.containsKey(name.substring(6))) {
            role = Role.DTYPE;
        }
        if (role == null && scripted && name.startsWith("__torch__.")) {
            role = Role.SCRIPTED;
        }
        if (role == null && (OBJECTS.contains(name) || OBJECTS_OF.stream().anyMatch(name::startsWith))) {
            role = Role.OBJECT;
        }
        return role == null ? null : new Pickled.Global(role, name);
    }

    /// Why a global is not read, for those that are known and not supported.
    static @Nullable String unsupported(String name) {
        return REFUSED.get(name);
    }

    /// How to save the weights of a file that has this class or function.
    static String remedy(String name, String file) {
        boolean ultralytics = name.startsWith("ultralytics.") || name.startsWith("models.yolo.");
        String model = "torch.load('" + file + "', weights_only=False)" + (ultralytics ? "['model'].float()" : "");
        return "torch.save(" + model + ".state_dict(), 'weights.pt')"
                + (ultralytics ? "" : ", or with ['state_dict'] and the like for .state_dict() where it is a dictionary");
    }

    /// What the elements of a storage of this class are.
    static Dtype storage(Pickled.Global storage) {
        return STORAGES.getOrDefault(storage.name(), Dtype.U8);
    }

    /// The type a global of [Role#DTYPE] stands for.
    static @Nullable Dtype dtype(Pickled.Global dtype) {
        return dtype.role() == Role.DTYPE ? DTYPES.get(dtype.name().substring(6)) : null;
    }
}
