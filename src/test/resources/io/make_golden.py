"""Writes golden.safetensors and dtypes.safetensors beside this script, with the standard library alone.

golden.safetensors holds float32 only, in the order of a canonical writer (sorted by name in UTF-8, header padded to 8 bytes, metadata sorted
and first): our writer has to produce the same bytes. dtypes.safetensors holds one tensor of each type we read, ordered by type from the widest
to the narrowest, as the reference implementation does, with a header that other writers might produce.
"""
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent


def write(name, metadata, tensors):
    """tensors: (name, dtype, shape, bytes) in the order of the data."""
    header, at = {}, 0
    if metadata:
        header["__metadata__"] = metadata
    for tensor, dtype, shape, data in tensors:
        header[tensor] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    data = b"".join(tensor[3] for tensor in tensors)
    (HERE / name).write_bytes(struct.pack("<Q", len(text)) + text + data)


def f32(*values):
    return struct.pack("<%df" % len(values), *values)


def bits(*values):
    return struct.pack("<%dI" % len(values), *values)


golden = {
    "encoder.weight": ([2, 3], f32(0.0, 1.0, -2.5, 3.25, 1e-3, 1e30)),
    "encoder.bias": ([3], f32(0.1, 0.2, 0.3)),
    "bits": ([6], bits(0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7FA12345, 0x00000001)),
    "scalar": ([], f32(42.0)),
    "empty": ([0, 4], b""),
    "Zeta \"quoted\" \\ \n\t\x01\x1f/": ([1], f32(7.0)),
    "\u00e9": ([1], f32(8.0)),
    "\uffee": ([1], f32(9.0)),
    "\U0001f600": ([1], f32(10.0)),
}
by_name = sorted(golden.items(), key=lambda item: item[0].encode("utf-8"))
write("golden.safetensors", {"format": "headstart", "note": "caf\u00e9\n"}, [(n, "F32", s, d) for n, (s, d) in by_name])

write("dtypes.safetensors", None, [
    ("u64", "U64", [3], struct.pack("<3Q", 0, 16777216, 1 << 63)),
    ("i64", "I64", [2, 2], struct.pack("<4q", -1, 5, -(1 << 63), 16777216)),
    ("f64", "F64", [3], struct.pack("<3d", 0.1, -1e300 * 1e300, 1e-320)),
    ("f32", "F32", [2], f32(1.5, -2.0)),
    ("u32", "U32", [2], struct.pack("<2I", 4294967040, 3)),
    ("i32", "I32", [2], struct.pack("<2i", -2147483648, 16777215)),
    ("bf16", "BF16", [3], struct.pack("<3H", 0x3F80, 0xC040, 0x7F80)),
    ("f16", "F16", [6], struct.pack("<4e", 1.0, -2.5, 65504.0, 2.0 ** -24) + struct.pack("<2H", 0x7C00, 0x8000)),
    ("u16", "U16", [2], struct.pack("<2H", 65535, 1)),
    ("i16", "I16", [2], struct.pack("<2h", -32768, 1)),
    ("i8", "I8", [3], struct.pack("<3b", -128, 127, 1)),
    ("u8", "U8", [1], struct.pack("<1B", 255)),
    ("bool", "BOOL", [2], b"\x01\x00"),
])
