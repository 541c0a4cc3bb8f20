"""Writes beside this script what Pillow and torchvision make of small pictures of our own; made with Pillow 12.3, torchvision 0.29.1, PyTorch 2.13.

golden.safetensors: for each case the picture (`….in`, [height, width, channels], 0 to 255) and the same resized, resized and cut, or normalised (`….out`);
for each of the files *.png, *.jpg, under its name, what Pillow decodes it to, after ImageOps.exif_transpose ([height, width, channels]).
"""
import pathlib
import struct
import sys
import zlib

import numpy
import torch
from PIL import Image, ImageOps
from torchvision import transforms
from torchvision.transforms import InterpolationMode

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from golden import write

random = numpy.random.default_rng(5)


def picture(height, width, channels):
    """Waves, an edge and noise: something for every filter to get wrong."""
    y, x = numpy.mgrid[0:height, 0:width]
    planes = []
    for c in range(channels):
        plane = 128 + 90 * numpy.sin(x * (0.3 + c) / 3 + y / 7) + 30 * random.standard_normal((height, width))
        plane[height // 3:, : width // 2] = 255 * (c % 2)
        planes.append(plane)
    return numpy.clip(numpy.stack(planes, -1), 0, 255).astype(numpy.uint8)


def pil(array):
    return Image.fromarray(array[:, :, 0] if array.shape[2] == 1 else array)


def tensor(image):
    array = numpy.array(image)
    return torch.from_numpy(array.reshape(*array.shape[:2], -1).copy())


resized = {}
FILTERS = {"bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}
for name, (height, width, channels, shorter) in {
    "smaller": (53, 37, 3, 24), "larger": (11, 17, 3, 30), "wide": (20, 71, 1, 13), "tiny": (40, 45, 3, 3), "one": (1, 9, 3, 4)}.items():
    array = picture(height, width, channels)
    for key, mode in FILTERS.items():
        case = f"resize.{key}.{shorter}.{name}"
        resized[case + ".in"] = torch.from_numpy(array)
        resized[case + ".out"] = tensor(transforms.Resize(shorter, mode)(pil(array)))
for name, (height, width, shorter, crop) in {"even": (41, 60, 32, 24), "odd": (60, 41, 31, 24), "same": (24, 31, 24, 24), "padded": (20, 33, 20, 25)}.items():
    array = picture(height, width, 3)
    for key, mode in FILTERS.items():
        case = f"crop.{key}.{shorter}.{crop}.{name}"
        frame = transforms.Compose([transforms.Resize(shorter, mode), transforms.CenterCrop(crop)])
        resized[case + ".in"] = torch.from_numpy(array)
        resized[case + ".out"] = tensor(frame(pil(array)))
array = picture(30, 26, 3)
normalise = transforms.Compose([transforms.Resize(20), transforms.CenterCrop(16), transforms.ToTensor(),
                                transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])
resized["normalised.in"] = torch.from_numpy(array)
resized["normalised.out"] = normalise(pil(array)).permute(1, 2, 0).contiguous()
resized["grey.in"] = torch.from_numpy(array)
resized["grey.out"] = tensor(pil(array).convert("L"))

decoded = {}


def keep(name, image, expected=None):
    """The picture as Pillow reads it back: grey pictures with one channel, all others with three."""
    back = ImageOps.exif_transpose(Image.open(HERE / name))
    decoded[name] = expected if expected is not None else tensor(back if back.mode == "L" else back.convert("L" if back.mode in ("1", "LA") else "RGB"))


def save(name, image, **options):
    image.save(HERE / name, **options)
    keep(name, image)


def png(name, width, height, depth, kind, rows):
    """A PNG of a kind Pillow does not write."""
    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))
    raw = b"".join(b"\0" + row for row in rows)
    (HERE / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
                              + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


grey, colour = picture(13, 19, 1), picture(13, 19, 3)
save("grey.png", pil(grey))
save("bits.png", pil(grey).convert("1"))
save("colour.png", pil(colour))
save("palette.png", pil(colour).quantize(12))
save("grey_alpha.png", Image.merge("LA", [pil(grey), pil(picture(13, 19, 1))]))
save("colour_alpha.png", Image.merge("RGBA", [*pil(colour).split(), pil(picture(13, 19, 1))]))
wide = random.integers(0, 65536, (5, 7, 3), dtype=numpy.uint16)
png("colour16.png", 7, 5, 16, 2, [row.astype(">u2").tobytes() for row in wide])
keep("colour16.png", None, torch.from_numpy((wide >> 8).astype(numpy.uint8)))
png("grey16.png", 7, 5, 16, 0, [row.astype(">u2").tobytes() for row in wide[:, :, 0]])
fours = random.integers(0, 16, (4, 6), dtype=numpy.uint8)
png("grey4.png", 6, 4, 4, 0, [bytes(row[0::2] << 4 | row[1::2]) for row in fours])
keep("grey4.png", None, torch.from_numpy((fours * 17)[:, :, None].copy()))
save("grey.jpg", pil(grey), quality=90)
save("colour.jpg", pil(picture(32, 48, 3)), quality=85)
save("colour444.jpg", pil(picture(33, 21, 3)), quality=95, subsampling=0)
save("progressive.jpg", pil(picture(40, 40, 3)), quality=80, progressive=True)
save("rgb.jpg", pil(picture(17, 17, 3)), quality=95, keep_rgb=True)
picture(16, 16, 3)  # the numbers that follow stay
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(f"turned{orientation}.jpg", pil(colour), quality=95, exif=exif)
write(__file__, {**resized, **decoded})
