"""Writes the NumPy files beside this script with NumPy 2.4: python make_numpy.py

Element i of an array of numbers is (7 * i) % 23 - 5, without the minus for unsigned types: the tests know that. f4.npy and i4.npy our writer has
to produce byte for byte.
"""
import os
import pathlib

import numpy as np

os.chdir(pathlib.Path(__file__).parent)
NUMBERS = ["i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", ">i2", ">i4", ">i8", ">u2", ">u4", ">u8", ">f2", ">f4", ">f8"]


def values(shape, dtype):
    i = np.arange(int(np.prod(shape)))
    x = (7 * i) % 23 - (0 if np.dtype(dtype).kind == "u" else 5)
    return x.reshape(shape).astype(dtype)


def name(dtype):
    return "big_" * dtype.startswith(">") + np.dtype(dtype).name


numbers = {name(d): values((2, 3), d) for d in NUMBERS}
numbers |= {"fortran_" + name(d): np.asfortranarray(values((2, 3), d)) for d in NUMBERS}
numbers["bool"] = np.array([True, False, True])
numbers["scalar"] = np.float32(-5)
numbers["empty"] = np.zeros((0, 4), "<f4")
numbers["fortran_empty"] = np.zeros((4, 0, 3), "<f4", order="F")
numbers["fortran_axes"] = np.asfortranarray(values((2, 3, 4, 2), ">f4"))
numbers["layer/k\u00e9rnel:0"] = values((4,), "<f4")
np.savez("numbers.npz", **numbers)
np.savez_compressed("packed.npz", small=values((2, 3), "<f4"), large=np.asfortranarray(values((60, 50), ">i2")), axes=values((1,), "<f8"))
np.savez("refused.npz", fine=values((2,), "<f4"), texts=np.array(["ab"]), bytes=np.array([b"ab"]), complex=np.zeros(2, "<c8"),
         objects=np.array([None]), structures=np.zeros(1, [("x", "<f4")]), long=np.zeros(2, np.longdouble), dates=np.zeros(1, "<M8[s]"))
np.savez("none.npz")
np.save("f4.npy", values((2, 3), "<f4"))
np.save("i4.npy", values((5,), "<i4"))
np.save("scalar.npy", np.float32(-5))
for version in (2, 0), (3, 0):
    with open("version%d.npy" % version[0], "wb") as f:
        np.lib.format.write_array(f, np.asfortranarray(values((3, 2), ">f8")), version)
