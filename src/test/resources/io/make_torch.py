"""Writes the torch_*.pt files beside this script, with PyTorch 2.13 (2.0 and later write the same in what matters).

torch_zip.pt and torch_legacy.pt hold the same tensors in the two containers; torch_more.pt those the old one cannot hold; torch_wrapped.pt a
training checkpoint; torch_small.pt and torch_small_legacy.pt are to be damaged; torch_optimizer.pt one with the optimiser's tensors too; torch_scripted.pt a TorchScript module. torch_evil.pt,
torch_sparse.pt, torch_quantized.pt, torch_module.pt are to be refused. PyTorchTest states the values, so the files can be made anew.
"""
import collections
import os
import pathlib

import torch

HERE = pathlib.Path(__file__).parent


def arange(*shape):
    return torch.arange(float(torch.Size(shape).numel())).reshape(shape)


def tensors():
    base = arange(4, 5)
    parameter = torch.nn.Parameter(torch.tensor([1.0, -2.0]))
    return collections.OrderedDict(
        f32=torch.tensor([[0, 1, -2.5], [3.25, 1e-3, 1e30]]),
        f64=torch.tensor([0.1, 0, float("-inf")], dtype=torch.float64),
        f16=torch.tensor([1, -2.5, 65504], dtype=torch.float16),
        bf16=torch.tensor([1, -3, float("inf")], dtype=torch.bfloat16),
        i64=torch.tensor([-1, 5, 16777216]),
        i32=torch.tensor([-(2 ** 31), 7], dtype=torch.int32),
        i16=torch.tensor([-32768, 1], dtype=torch.int16),
        i8=torch.tensor([-128, 127], dtype=torch.int8),
        u8=torch.tensor([255, 0], dtype=torch.uint8),
        bool=torch.tensor([True, False]),
        scalar=torch.tensor(42.0),
        empty=torch.zeros(0, 4),
        base=base,
        row=base[1],
        column=base[:, 2],
        corner=base[1::2, 1::3],
        transposed=arange(2, 3).t(),
        integers=torch.arange(6).reshape(2, 3).t(),
        channels_last=arange(1, 2, 2, 3).contiguous(memory_format=torch.channels_last),
        expanded=torch.tensor([[1.0], [2.0], [3.0]]).expand(3, 4),
        windows=torch.arange(6.0).as_strided((4, 3), (1, 1)),
        parameter=parameter,
        tied=parameter,
        frozen=torch.nn.Parameter(torch.tensor([3.0]), requires_grad=False),
    )


class Command:
    def __reduce__(self):
        return os.system, ("echo this must never run",)


def save(name, value, **options):
    torch.save(value, HERE / f"torch_{name}.pt", **options)


save("zip", tensors())
save("legacy", tensors(), _use_new_zipfile_serialization=False)
few = {"t": arange(2, 3).t(), "e": torch.ones(1).expand(3), "i": torch.tensor([1, 2], dtype=torch.int16), "n": 3}
save("small", few)
save("small_legacy", few, _use_new_zipfile_serialization=False)
save("more", {
    "u16": torch.tensor([65535, 1], dtype=torch.uint16),
    "f8": torch.tensor([1.5, -448], dtype=torch.float8_e4m3fn),
    "c64": torch.tensor([1 + 2j], dtype=torch.complex64),
})
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False), torch.nn.BatchNorm1d(2))
model[0].weight.data = arange(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
model(arange(4, 2)).sum().backward()
optimizer.step()
model.load_state_dict({"0.weight": arange(2, 2), "1.weight": torch.ones(2), "1.bias": torch.zeros(2), "1.running_mean": torch.zeros(2),
                       "1.running_var": torch.ones(2), "1.num_batches_tracked": torch.tensor(7)})
save("wrapped", {"epoch": 3, "arch": "tiny", "best": 0.5, "done": True, "none": None, "milestones": [10, 20], "args": {"lr": 0.1},
                 "size": torch.Size([2, 3]), "state_dict": model.state_dict()})
save("optimizer", {"model": model.state_dict(), "optimizer": optimizer.state_dict()})
save("module", model)
save("evil", {"weight": torch.ones(1), "x": Command()})
save("evil_legacy", {"weight": torch.ones(1), "x": Command()}, _use_new_zipfile_serialization=False)
save("sparse", {"weight": torch.eye(2).to_sparse()})
save("quantized", {"weight": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)})
save("list", [arange(2), {"a": arange(1)}])
save("tensor", arange(2))
save("protocol4", {"weight": torch.ones(1)}, _use_new_zipfile_serialization=False, pickle_protocol=4)
torch.jit.script(model).save(HERE / "torch_scripted.pt")
