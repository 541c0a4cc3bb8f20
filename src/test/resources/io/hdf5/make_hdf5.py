"""Writes the HDF5 files beside this script with h5py 3.16 (HDF5 2.0): python make_hdf5.py

Element i of a dataset of numbers is (7 * i) % 23 - 5, without the minus for unsigned types: the tests know that. early.h5 is what h5py writes by
default (superblock 0, old groups), latest.h5 what it writes with libver="latest" (superblock 3, new groups), narrow.h5 has addresses and lengths
of 4 bytes, dense.h5 a group of so many links that they are in a fractal heap. Made anew, early.h5 differs in the time at which its named type was made, the others not at all.
"""
import os
import pathlib

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent
os.chdir(HERE)
NUMBERS = ["<i1", "<i2", "<i4", "<i8", "<u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", ">i2", ">i4", ">i8", ">u2", ">u4", ">u8", ">f2", ">f4", ">f8"]


def values(shape, dtype):
    i = np.arange(int(np.prod(shape)))
    x = (7 * i) % 23 - (0 if np.dtype(dtype).kind == "u" else 5)
    return x.reshape(shape).astype(dtype)


def timeless():
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_obj_track_times(False)
    return plist


def compact(group, name, shape, dtype):
    plist = timeless()
    plist.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple(shape)
    h5py.Dataset(h5py.h5d.create(group.id, name.encode(), h5py.h5t.py_create(np.dtype(dtype)), space, plist))[...] = values(shape, dtype)


def numbers(f):
    group = f.create_group("numbers")
    for dtype in NUMBERS:
        group["big_" * dtype.startswith(">") + np.dtype(dtype).name] = values((2, 3), dtype)
    bfloat16 = h5py.h5t.IEEE_F32LE.copy()
    bfloat16.set_fields(15, 7, 8, 0, 7)
    bfloat16.set_size(2)
    dataset = h5py.h5d.create(group.id, b"bfloat16", bfloat16, h5py.h5s.create_simple((2, 3)), timeless())
    h5py.Dataset(dataset)[...] = values((2, 3), "<f4")
    group["scalar"] = np.float32(-5)
    group["empty"] = np.zeros((0, 4), "<f4")
    group["axes"] = values((2, 1, 3, 2), "<f4")
    compact(group, "compact", (3, 2), "<f4")


def attributes(f):
    f.attrs["keras_version"] = "2.15.0"
    f.attrs["backend"] = np.bytes_("tensorflow")
    f.attrs["layer_names"] = np.array([b"conv2d", b"dense\xc3\xa9"])
    f.attrs["variable"] = ["", "conv2d", "d\u00e9j\u00e0 \u4f60\u597d"]
    f.attrs["number"] = 7
    f.attrs["null"] = h5py.Empty("S4")
    f["numbers"].attrs["weight_names"] = np.array([b"a", b"bc"])
    f["numbers"].attrs.create("padded", np.array(b"ab\0\0"), dtype="S4")


def refused(f):
    group = f.create_group("refused")
    group.create_dataset("chunked", data=values((4, 4), "<f4"), chunks=(2, 2))
    group.create_dataset("packed", data=values((4, 4), "<f4"), chunks=(2, 2), compression="gzip", shuffle=True)
    group.create_dataset("external", (2,), "<f4", external=[("none.raw", 0, 8)])
    group.create_dataset("unwritten", (3,), "<f4")
    group["compound"] = np.zeros(2, [("x", "<f4"), ("y", "<i4")])
    group["text"] = "text"
    group["texts"] = np.array([b"ab", b"c"])
    group["bool"] = np.array([True, False])
    group["complex"] = np.zeros(2, "<c8")
    group["long"] = np.zeros(2, np.longdouble)
    group["null"] = h5py.Empty("f4")
    group["reference"] = np.array([group.ref], h5py.ref_dtype)
    group["opaque"] = np.array([b"ab"], "V2")
    group["type"] = np.dtype("<f4")
    shared = h5py.h5d.create(group.id, b"shared", group["type"].id, h5py.h5s.create_simple((2,)), timeless())
    h5py.Dataset(shared)[...] = [1, 2]
    group["soft"] = h5py.SoftLink("/numbers/float32")
    group["other_file"] = h5py.ExternalLink("none.h5", "/x")
    group["again"] = f["numbers/float32"]
    group["cycle"] = f
    group["same_group"] = f["numbers"]
    layout = h5py.VirtualLayout((2,), "<f4")
    layout[:] = h5py.VirtualSource("none.h5", "x", (2,))
    group.create_virtual_dataset("virtual", layout)


for name, libver in ("early.h5", "earliest"), ("latest.h5", "latest"):
    with h5py.File(name, "w", libver=libver) as f:
        if libver == "latest":
            few = f.create_group("few", track_order=True)
            few["b"], few["a"] = values((2,), "<f4"), values((3,), ">f8")
            few.attrs["layer_names"] = ["x", "y"]
            compact(few, "compact", (3, 2), "<f4")
            f.attrs["backend"] = "torch"
        else:
            numbers(f)
            attributes(f)
            refused(f)

with h5py.File("tiny.h5", "w", libver="earliest") as f:
    compact(f, "kernel:0", (2, 2), "<f4")
    f["conv/bias:0"] = values((3,), ">i2")
    f.attrs["layer_names"] = np.array([b"conv"])

with h5py.File("dense.h5", "w", libver="latest") as f:
    f["plain"] = values((2,), "<f4")
    many = f.create_group("many")
    for i in range(120):  # more than a node of the index holds, and more than one block of the heap
        many["d%03d" % i] = np.float32(-5)

sizes = h5py.h5p.create(h5py.h5p.FILE_CREATE)
sizes.set_sizes(4, 4)
bounds = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
bounds.set_libver_bounds(h5py.h5f.LIBVER_EARLIEST, h5py.h5f.LIBVER_LATEST)
with h5py.File(h5py.h5f.create(b"narrow.h5", h5py.h5f.ACC_TRUNC, sizes, bounds)) as f:
    for i in range(40):  # more than a node of the tree holds, so that it has levels
        f["layer%02d:0" % i] = values((i % 4 + 1,), "<f4")
    f.attrs["backend"] = "tensorflow"
