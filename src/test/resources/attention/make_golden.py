"""Writes golden.safetensors beside this script: what PyTorch 2.13 gives for scaled dot-product attention, with gradients.

All cases have the same q, k, v and dY, [batch, time, heads, headDim], but "cross" only the first keys and values. For each there are y, dQ, dK
and dV. Masks that are boolean in PyTorch are written as 1 (takes part) and 0.
"""
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from golden import write

BATCH, TIME, HEADS, HEAD_DIM, KEYS = 2, 70, 2, 4, 37
torch.manual_seed(11)
out = {name: torch.randn(BATCH, TIME, HEADS, HEAD_DIM) for name in ["q", "k", "v", "dY"]}


def case(name, keys=TIME, **how):
    q, k, v = (x.clone().requires_grad_() for x in [out["q"], out["k"][:, :keys], out["v"][:, :keys]])
    y = F.scaled_dot_product_attention(*(x.transpose(1, 2) for x in [q, k, v]), **how).transpose(1, 2)
    for key, value in zip(["y", "dQ", "dK", "dV"], [y, *torch.autograd.grad(y, [q, k, v], out["dY"])]):
        out[name + "." + key] = value.detach().contiguous()


case("full")
case("cross", KEYS)
case("causal", is_causal=True)
kept = torch.rand(BATCH, TIME) < 0.7
case("padding", attn_mask=kept[:, None, None, :])
visible = (torch.rand(TIME, TIME) < 0.3) | torch.eye(TIME, dtype=torch.bool)
case("boolean", attn_mask=visible)
bias = torch.randn(HEADS, 1, TIME)
case("additive", attn_mask=bias.expand(HEADS, TIME, TIME))
out |= {"padding.kept": kept.float(), "boolean.kept": visible.float(), "additive.mask": bias}
write(__file__, out)
