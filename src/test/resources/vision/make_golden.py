"""Writes golden.safetensors beside this script: what PyTorch 2.13 gives for pooling, resizing and normalisation of channels, with gradients.

Images and sequences are written channels last. For each case there are x, y, dY, dX and, where there are parameters, weight, bias, dWeight, dBias; batch
normalisation in training has its running statistics too.
"""
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from golden import write

torch.manual_seed(7)
out = {}


def put(name, tensor):
    tensor = tensor.detach()
    out[name] = (tensor.movedim(1, -1) if tensor.dim() > 2 else tensor).contiguous()


def case(name, shape, f, channels=None):
    x = torch.randn(shape, requires_grad=True)
    leaves = [x]
    if channels:
        leaves += [(torch.randn(channels) + 1).requires_grad_(), torch.randn(channels).requires_grad_()]
    y = f(*leaves)
    dY = torch.randn_like(y)
    gradients = torch.autograd.grad(y, leaves, dY)
    for key, value in zip(["x", "weight", "bias", "y", "dY", "dX", "dWeight", "dBias"] if channels else ["x", "y", "dY", "dX"],
                          [*leaves, y, dY, *gradients]):
        put(name + "." + key, value)


case("max", (2, 5, 7, 8), lambda x: F.max_pool2d(x, 3, 2, 1))
case("avg", (2, 5, 7, 8), lambda x: F.avg_pool2d(x, 3, 2, 1))
case("avgPixels", (2, 5, 7, 8), lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False))
case("adaptive", (2, 5, 7, 8), lambda x: F.adaptive_avg_pool2d(x, (3, 5)))
case("nearest", (2, 5, 4, 7), lambda x: F.interpolate(x, (7, 5)))
case("bilinear", (2, 5, 4, 7), lambda x: F.interpolate(x, (9, 5), mode="bilinear"))
case("aligned", (2, 5, 4, 7), lambda x: F.interpolate(x, (9, 5), mode="bilinear", align_corners=True))
case("group", (2, 6, 4, 5), lambda x, w, b: F.group_norm(x, 3, w, b), 6)
mean, var = torch.randn(5), torch.rand(5) + 0.5
put("batch.mean", mean), put("batch.var", var)
running = [mean.clone(), var.clone()]
case("batch", (3, 5, 4, 4), lambda x, w, b: F.batch_norm(x, *running, w, b, training=True), 5)
put("batch.meanAfter", running[0]), put("batch.varAfter", running[1])
case("fixed", (3, 5, 4, 4), lambda x, w, b: F.batch_norm(x, mean, var, w, b), 5)

case("adaptiveMax", (2, 5, 7, 8), lambda x: F.adaptive_max_pool2d(x, (3, 5)))
case("globalMax", (2, 5, 7, 8), lambda x: F.adaptive_max_pool2d(x, 1))
case("maxCeil", (2, 3, 6, 7), lambda x: F.max_pool2d(x, 3, 2, 1, ceil_mode=True))
case("avgCeil", (2, 3, 6, 7), lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True))
case("avgPixelsCeil", (2, 3, 6, 7), lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False))
case("maxApart", (2, 3, 5, 6), lambda x: F.max_pool2d(x, 2, 3, 1, ceil_mode=True))
case("avgApart", (2, 3, 5, 6), lambda x: F.avg_pool2d(x, 2, 3, 1, ceil_mode=True))
case("max1d", (2, 3, 8), lambda x: F.max_pool1d(x, 3, 2, 1))
case("max1dCeil", (2, 3, 8), lambda x: F.max_pool1d(x, 3, 2, 1, ceil_mode=True))
case("avg1d", (2, 3, 8), lambda x: F.avg_pool1d(x, 3, 2, 1))
case("avg1dPixelsCeil", (2, 3, 8), lambda x: F.avg_pool1d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False))
case("avg1dPlain", (2, 3, 8), lambda x: F.avg_pool1d(x, 3))
case("max1dPlain", (2, 3, 8), lambda x: F.max_pool1d(x, 3))
case("adaptiveMax1d", (2, 3, 8), lambda x: F.adaptive_max_pool1d(x, 3))
case("adaptiveAvg1d", (2, 3, 8), lambda x: F.adaptive_avg_pool1d(x, 3))

write(__file__, out)
