"""How the scripts beside golden.safetensors write it."""
import json
import math
import pathlib
import struct


def write(script, tensors):
    """Writes named float tensors or arrays as golden.safetensors beside the script."""
    header, at = {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + 4 * math.prod(tensor.shape)]}
        at += 4 * math.prod(tensor.shape)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = b"".join(struct.pack("<%df" % math.prod(t.shape), *t.flatten().tolist()) for t in tensors.values())
    pathlib.Path(script).with_name("golden.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
