"""Writes beside this script pictures of four inks and of 16 bits, and what Pillow makes of them; made with Pillow 12.3.

golden.safetensors: under the name of each JPEG what Pillow's convert("RGB") gives, [height, width, 3]; under that of each PNG its samples of 16 bits; `resized.*`
are samples of grey16.png after Image.resize((9, 6), …) in mode I;16.
"""
import io
import pathlib
import struct
import sys
import zlib

import numpy
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))
from golden import write

random = numpy.random.default_rng(11)
golden = {}


def keep(name, data):
    (HERE / name).write_bytes(data)
    golden[name] = numpy.asarray(Image.open(HERE / name).convert("RGB")).astype(numpy.float32)


def png(name, depth, kind, samples):
    """A PNG of a kind Pillow does not write."""
    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))
    height, width = samples.shape[:2]
    raw = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    (HERE / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
                              + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))
    golden[name] = samples[:, :, :1].astype(numpy.float32)


y, x = numpy.mgrid[0:16, 0:24]
inks = numpy.stack([x * 10, y * 15, 255 - (x * y) % 256, (x + y) * 4], -1).clip(0, 255).astype(numpy.uint8)
out = io.BytesIO()
Image.fromarray(inks, "CMYK").save(out, "JPEG", quality=95)
cmyk = out.getvalue()
at = cmyk.index(b"Adobe")
assert cmyk[at + 11] == 0
keep("cmyk.jpg", cmyk)
keep("ycck.jpg", cmyk[:at + 11] + b"\2" + cmyk[at + 12:])
keep("unmarked.jpg", cmyk[:at - 4] + cmyk[at + 12:])
png("grey16.png", 16, 0, random.integers(0, 65536, (13, 7, 1), dtype=numpy.uint16))
png("grey_alpha16.png", 16, 4, random.integers(0, 65536, (5, 4, 2), dtype=numpy.uint16))
whole = Image.open(HERE / "grey16.png")
for name, kind in {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}.items():
    golden["resized." + name] = numpy.asarray(whole.resize((9, 6), kind)).astype(numpy.float32)[:, :, None]
write(__file__, golden)
