"""Writes the TorchScript programs that `headstart bench --peers` times beside its own kernels: the workloads of a native PyTorch, without
Python's share of the time. Each keeps its tensors, made of random numbers when it is called for 0 runs, and does its work so often as it is told.

python3 -m venv E && E/bin/pip install torch numpy && E/bin/python make.py        (in this folder; writes *.pt to ../src/main/resources)
"""
import io
import zipfile
from typing import List, Optional

import torch
import torch.nn as nn
import torch.nn.functional as F


def gradient(y: torch.Tensor, inputs: List[torch.Tensor], g: torch.Tensor) -> torch.Tensor:
    given: List[Optional[torch.Tensor]] = [g]
    first = torch.autograd.grad([y], inputs, given)[0]
    assert first is not None
    return first


class Program(nn.Module):
    def forward(self, numbers: torch.Tensor) -> torch.Tensor:  # runs, and the sizes
        given: List[int] = numbers.tolist()
        if given[0] == 0:
            self.setup(given[1:])
        return self.work(given[0])


class Matmul(Program):  # m, n, k
    def __init__(self):
        super().__init__()
        self.a = torch.empty(0)
        self.b = torch.empty(0)

    def setup(self, sizes: List[int]):
        self.a = torch.randn(sizes[0], sizes[2])
        self.b = torch.randn(sizes[2], sizes[1])

    def work(self, runs: int) -> torch.Tensor:
        y = self.a
        for _ in range(runs):
            y = self.a @ self.b
        return y


class Conv(Program):  # batch, in, height, out, kernel, stride, backward?, channels last?
    def __init__(self):
        super().__init__()
        self.x = torch.empty(0)
        self.w = torch.empty(0)
        self.g = torch.empty(0)
        self.s = 1
        self.back = False

    def setup(self, sizes: List[int]):
        n, c, h, k, r, s = sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]
        self.s = s
        self.back = sizes[6] == 1
        o = (h + 2 * (r // 2) - r) // s + 1
        self.x = torch.randn(n, c, h, h)
        self.w = torch.randn(k, c, r, r)
        self.g = torch.randn(n, k, o, o)
        if sizes[7] == 1:
            self.x = self.x.contiguous(memory_format=torch.channels_last)
            self.w = self.w.contiguous(memory_format=torch.channels_last)
            self.g = self.g.contiguous(memory_format=torch.channels_last)
        if self.back:
            self.x.requires_grad_(True)
            self.w.requires_grad_(True)

    def work(self, runs: int) -> torch.Tensor:
        y = self.x
        for _ in range(runs):
            y = F.conv2d(self.x, self.w, None, [self.s, self.s], [self.w.size(2) // 2, self.w.size(2) // 2])
            if self.back:
                y = gradient(y, [self.x, self.w], self.g)
        return y


class Gelu(Program):  # rows, n
    def __init__(self):
        super().__init__()
        self.x = torch.empty(0)

    def setup(self, sizes: List[int]):
        self.x = torch.randn(sizes[0], sizes[1])

    def work(self, runs: int) -> torch.Tensor:
        y = self.x
        for _ in range(runs):
            y = F.gelu(self.x)
        return y


class Softmax(Program):  # rows, n
    def __init__(self):
        super().__init__()
        self.x = torch.empty(0)

    def setup(self, sizes: List[int]):
        self.x = torch.randn(sizes[0], sizes[1])

    def work(self, runs: int) -> torch.Tensor:
        y = self.x
        for _ in range(runs):
            y = F.softmax(self.x, -1)
        return y


class LayerNorm(Program):  # rows, n
    def __init__(self):
        super().__init__()
        self.x = torch.empty(0)
        self.w = torch.empty(0)
        self.b = torch.empty(0)

    def setup(self, sizes: List[int]):
        self.x = torch.randn(sizes[0], sizes[1])
        self.w = torch.ones(sizes[1])
        self.b = torch.zeros(sizes[1])

    def work(self, runs: int) -> torch.Tensor:
        y = self.x
        for _ in range(runs):
            y = F.layer_norm(self.x, [self.x.size(1)], self.w, self.b)
        return y


class Attention(Program):  # batch, heads, time, width of a head, backward?
    def __init__(self):
        super().__init__()
        self.q = torch.empty(0)
        self.k = torch.empty(0)
        self.v = torch.empty(0)
        self.g = torch.empty(0)
        self.back = False

    def setup(self, sizes: List[int]):
        self.back = sizes[4] == 1
        self.q = torch.randn(sizes[:4])
        self.k = torch.randn(sizes[:4])
        self.v = torch.randn(sizes[:4])
        self.g = torch.randn(sizes[:4])
        if self.back:
            self.q.requires_grad_(True)
            self.k.requires_grad_(True)
            self.v.requires_grad_(True)

    def work(self, runs: int) -> torch.Tensor:
        y = self.q
        for _ in range(runs):
            y = F.scaled_dot_product_attention(self.q, self.k, self.v)
            if self.back:
                y = gradient(y, [self.q, self.k, self.v], self.g)
        return y


class Trained(Program):
    """Parameters and their optimiser: SGD with momentum 0.9 or AdamW, written as torch.optim's own loop over tensors."""

    def __init__(self):
        super().__init__()
        self.p = torch.jit.Attribute([], List[torch.Tensor])
        self.m = torch.jit.Attribute([], List[torch.Tensor])
        self.v = torch.jit.Attribute([], List[torch.Tensor])
        self.t = 0

    def add(self, shape: List[int], deviation: float):
        self.p.append((torch.randn(shape) * deviation).requires_grad_(True))

    def add_constant(self, shape: List[int], value: float):
        self.p.append(torch.full(shape, value).requires_grad_(True))

    def sgd(self, loss: torch.Tensor):
        g = torch.autograd.grad([loss], self.p)
        with torch.no_grad():
            first = len(self.m) == 0
            for i in range(len(self.p)):
                d = g[i]
                assert d is not None
                if first:
                    self.m.append(d.clone())
                else:
                    self.m[i].mul_(0.9).add_(d)
                self.p[i].add_(self.m[i], alpha=-0.01)

    def adam_w(self, loss: torch.Tensor):
        g = torch.autograd.grad([loss], self.p)
        with torch.no_grad():
            if len(self.m) == 0:
                for q in self.p:
                    self.m.append(torch.zeros_like(q))
                    self.v.append(torch.zeros_like(q))
            self.t += 1
            size = 1e-4 / (1 - 0.9 ** float(self.t))
            root = (1 - 0.999 ** float(self.t)) ** 0.5
            for i in range(len(self.p)):
                d = g[i]
                assert d is not None
                self.p[i].mul_(1 - 1e-4 * 0.01)
                self.m[i].lerp_(d, 0.1)
                self.v[i].mul_(0.999).addcmul_(d, d, value=0.001)
                self.p[i].addcdiv_(self.m[i], (self.v[i].sqrt() / root).add_(1e-8), value=-size)


class Mlp(Trained):  # widths, batch
    def __init__(self):
        super().__init__()
        self.x = torch.empty(0)
        self.y = torch.empty(0)

    def setup(self, sizes: List[int]):
        for i in range(len(sizes) - 2):
            self.add([sizes[i + 1], sizes[i]], (1.0 / (3.0 * sizes[i])) ** 0.5)
            self.add_constant([sizes[i + 1]], 0.0)
        self.x = torch.randn(sizes[-1], sizes[0])
        self.y = torch.randint(0, sizes[-2], (sizes[-1],))

    def work(self, runs: int) -> torch.Tensor:
        loss = self.x
        for _ in range(runs):
            x = self.x
            for i in range(len(self.p) // 2):
                x = F.linear(x, self.p[2 * i], self.p[2 * i + 1])
                if 2 * i + 2 < len(self.p):
                    x = F.relu(x)
            loss = F.cross_entropy(x, self.y)
            self.sgd(loss)
        return loss.detach()


class Lenet(Trained):  # batch
    def __init__(self):
        super().__init__()
        self.x = torch.empty(0)
        self.y = torch.empty(0)

    def setup(self, sizes: List[int]):
        for shape in [[6, 1, 5, 5], [16, 6, 5, 5], [120, 400], [84, 120], [10, 84]]:
            fan = 1
            for n in shape[1:]:
                fan *= n
            self.add(shape, (1.0 / (3.0 * fan)) ** 0.5)
            self.add_constant([shape[0]], 0.0)
        self.x = torch.randn(sizes[0], 1, 28, 28)
        self.y = torch.randint(0, 10, (sizes[0],))

    def work(self, runs: int) -> torch.Tensor:
        loss = self.x
        for _ in range(runs):
            p = self.p
            x = F.max_pool2d(F.relu(F.conv2d(self.x, p[0], p[1], [1, 1], [2, 2])), [2, 2])
            x = F.max_pool2d(F.relu(F.conv2d(x, p[2], p[3])), [2, 2]).flatten(1)
            x = F.relu(F.linear(x, p[4], p[5]))
            x = F.relu(F.linear(x, p[6], p[7]))
            loss = F.cross_entropy(F.linear(x, p[8], p[9]), self.y)
            self.sgd(loss)
        return loss.detach()


class Resnet50(Trained):  # height, batch, channels last?, train?
    def __init__(self):
        super().__init__()
        self.x = torch.empty(0)
        self.y = torch.empty(0)
        self.mean = torch.jit.Attribute([], List[torch.Tensor])
        self.var = torch.jit.Attribute([], List[torch.Tensor])
        self.at = 0
        self.norms = 0
        self.trains = True

    def add_conv(self, i: int, o: int, r: int):
        self.add([o, i, r, r], (1.0 / (3.0 * i * r * r)) ** 0.5)
        self.add_constant([o], 1.0)
        self.add_constant([o], 0.0)
        self.mean.append(torch.zeros(o))
        self.var.append(torch.ones(o))

    def setup(self, sizes: List[int]):
        self.add_conv(3, 64, 7)
        i = 64
        for s in range(4):
            m = 64 << s
            for b in range([3, 4, 6, 3][s]):
                self.add_conv(i, m, 1)
                self.add_conv(m, m, 3)
                self.add_conv(m, 4 * m, 1)
                if b == 0:
                    self.add_conv(i, 4 * m, 1)
                i = 4 * m
        self.add([1000, 2048], 0.02)
        self.add_constant([1000], 0.0)
        self.x = torch.randn(sizes[1], 3, sizes[0], sizes[0])
        self.y = torch.randint(0, 1000, (sizes[1],))
        self.trains = sizes[3] == 1
        if sizes[2] == 1:
            self.x = self.x.contiguous(memory_format=torch.channels_last)
            for j in range(len(self.p)):
                if self.p[j].dim() == 4:
                    self.p[j] = self.p[j].detach().contiguous(memory_format=torch.channels_last).requires_grad_(True)

    def conv(self, x: torch.Tensor, stride: int, relu: bool) -> torch.Tensor:
        w = self.p[self.at]
        y = F.conv2d(x, w, None, [stride, stride], [w.size(2) // 2, w.size(2) // 2])
        y = F.batch_norm(y, self.mean[self.norms], self.var[self.norms], self.p[self.at + 1], self.p[self.at + 2], self.trains, 0.1, 1e-5)
        self.at += 3
        self.norms += 1
        return F.relu(y, inplace=True) if relu else y

    def logits(self):
        self.at = 0
        self.norms = 0
        x = F.max_pool2d(self.conv(self.x, 2, True), [3, 3], [2, 2], [1, 1])
        for s in range(4):
            for b in range([3, 4, 6, 3][s]):
                stride = 2 if b == 0 and s > 0 else 1
                y = self.conv(self.conv(self.conv(x, 1, True), stride, True), 1, False)
                x = F.relu(y + (self.conv(x, stride, False) if b == 0 else x))
        return F.linear(F.adaptive_avg_pool2d(x, [1, 1]).flatten(1), self.p[-2], self.p[-1])

    def work(self, runs: int) -> torch.Tensor:
        result = self.x
        for _ in range(runs):
            if self.trains:
                loss = F.cross_entropy(self.logits(), self.y)
                self.sgd(loss)
                result = loss.detach()
            else:
                with torch.no_grad():
                    result = self.logits()
        return result


class Vgg16(Trained):  # height, batch
    def __init__(self):
        super().__init__()
        self.x = torch.empty(0)
        self.y = torch.empty(0)
        self.widths = [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0]

    def setup(self, sizes: List[int]):
        i = 3
        for w in self.widths:
            if w > 0:
                self.add([w, i, 3, 3], (1.0 / (27.0 * i)) ** 0.5)
                self.add_constant([w], 0.0)
                i = w
        for a, b in [(25088, 4096), (4096, 4096), (4096, 1000)]:
            self.add([b, a], (1.0 / (3.0 * a)) ** 0.5)
            self.add_constant([b], 0.0)
        self.x = torch.randn(sizes[1], 3, sizes[0], sizes[0])
        self.y = torch.randint(0, 1000, (sizes[1],))

    def work(self, runs: int) -> torch.Tensor:
        loss = self.x
        for _ in range(runs):
            x = self.x
            at = 0
            for w in self.widths:
                if w == 0:
                    x = F.max_pool2d(x, [2, 2])
                else:
                    x = F.relu(F.conv2d(x, self.p[at], self.p[at + 1], [1, 1], [1, 1]), inplace=True)
                    at += 2
            x = F.adaptive_avg_pool2d(x, [7, 7]).flatten(1)
            x = F.relu(F.linear(x, self.p[at], self.p[at + 1]), inplace=True)
            x = F.relu(F.linear(x, self.p[at + 2], self.p[at + 3]), inplace=True)
            loss = F.cross_entropy(F.linear(x, self.p[at + 4], self.p[at + 5]), self.y)
            self.sgd(loss)
        return loss.detach()


class Transformer(Trained):  # vocabulary, positions, width, heads, blocks, norm first and causal?, classes (0: language model), batch, time, train?
    def __init__(self):
        super().__init__()
        self.x = torch.empty(0)
        self.y = torch.empty(0)
        self.heads = 1
        self.blocks = 1
        self.first = False
        self.classes = 0
        self.trains = True

    def setup(self, sizes: List[int]):
        v, t, d = sizes[0], sizes[1], sizes[2]
        self.heads = sizes[3]
        self.blocks = sizes[4]
        self.first = sizes[5] == 1
        self.classes = sizes[6]
        self.trains = sizes[9] == 1
        self.add([v, d], 0.02)
        self.add([t, d], 0.02)
        for _ in range(self.blocks):
            for i, o in [(d, 3 * d), (d, d), (d, 4 * d), (4 * d, d)]:
                self.add([o, i], (1.0 / (3.0 * i)) ** 0.5)
                self.add_constant([o], 0.0)
            for _ in range(2):
                self.add_constant([d], 1.0)
                self.add_constant([d], 0.0)
        self.add_constant([d], 1.0)
        self.add_constant([d], 0.0)
        if self.classes > 0:
            self.add([self.classes, d], 0.02)
            self.add_constant([self.classes], 0.0)
        self.x = torch.randint(0, v, (sizes[7], sizes[8]))
        self.y = torch.randint(0, self.classes, (sizes[7],)) if self.classes > 0 else torch.randint(0, v, (sizes[7] * sizes[8],))

    def norm(self, x: torch.Tensor, i: int) -> torch.Tensor:
        return F.layer_norm(x, [x.size(-1)], self.p[i], self.p[i + 1])

    def linear(self, x: torch.Tensor, i: int) -> torch.Tensor:
        return F.linear(x, self.p[i], self.p[i + 1])

    def attention(self, x: torch.Tensor, i: int) -> torch.Tensor:
        b, t, d = x.size(0), x.size(1), x.size(2)
        qkv = self.linear(x, i).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], is_causal=self.first)
        return self.linear(y.transpose(1, 2).reshape(b, t, d), i + 2)

    def logits(self):
        x = F.embedding(self.x, self.p[0]) + self.p[1][:self.x.size(1)]
        i = 2
        for _ in range(self.blocks):
            if self.first:
                x = x + self.attention(self.norm(x, i + 8), i)
                x = x + self.linear(F.gelu(self.linear(self.norm(x, i + 10), i + 4), approximate='tanh'), i + 6)
            else:
                x = self.norm(x + self.attention(x, i), i + 8)
                x = self.norm(x + self.linear(F.gelu(self.linear(x, i + 4)), i + 6), i + 10)
            i += 12
        x = self.norm(x, i)
        if self.classes > 0:
            return self.linear(x[:, 0], i + 2)
        return (x @ self.p[0].t()).flatten(0, 1)

    def work(self, runs: int) -> torch.Tensor:
        result = self.x
        for _ in range(runs):
            if self.trains:
                loss = F.cross_entropy(self.logits(), self.y)
                self.adam_w(loss)
                result = loss.detach()
            else:
                with torch.no_grad():
                    result = self.logits()
        return result


def save(program: nn.Module, path: str):
    """Without the places of the source, which are of no use and name folders of whoever ran this."""
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(program), buffer)
    with zipfile.ZipFile(buffer) as whole, zipfile.ZipFile(path, "w") as kept:
        for entry in whole.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                kept.writestr(zipfile.ZipInfo(entry.filename), whole.read(entry))


for program in [Matmul, Conv, Gelu, Softmax, LayerNorm, Attention, Mlp, Lenet, Resnet50, Vgg16, Transformer]:
    save(program(), "../src/main/resources/dev/headstart/bench/peers/" + program.__name__.lower() + ".pt")
