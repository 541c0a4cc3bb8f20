"""Writes golden.safetensors beside this script: restricted Boltzmann machines that learn and dream from a fixed stream of uniform numbers, in numpy.

A unit is 1 where its probability is greater than the next uniform number. The states must agree bit by bit: so the script asserts that no number is as near
to its probability as rounding could matter. Weights agree as far as float32 goes. The order in which numbers are used is that of the program.
"""
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from golden import write

F, V, H, B = np.float32, 12, 7, 5
random = np.random.default_rng(14)
stream, at, out = random.random(5_000, dtype=F), 0, {"uniforms": None}
out["uniforms"] = stream


def uniform(shape):
    global at
    at += (n := int(np.prod(shape)))
    return stream[at - n:at].reshape(shape)


def draw(p):
    u = uniform(p.shape)
    assert np.abs(p - u).min() > 1e-5, "too close: take another seed"
    return (p > u).astype(F)


def sigmoid(x):
    return (1 / (1 + np.exp(-x))).astype(F)


def normal(shape):
    u = uniform((*shape, 2)).astype(np.float64)
    return (np.sqrt(-2 * np.log(1 - u[..., 0])) * np.cos(2 * np.pi * u[..., 1])).astype(F)


def learn(data, k, persistent, steps=20, rate=F(0.1), momentum=F(0.5), decay=F(0.001)):
    """Contrastive divergence with momentum, and decay of the weights only; returns weights and, step by step, where the chains end."""
    w, b, c = out["weight"].copy(), out["visible_bias"].copy(), out["hidden_bias"].copy()
    speed, chains, ends = [np.zeros_like(x) for x in (w, b, c)], data.copy(), []
    for _ in range(steps):
        h = sigmoid(data @ w.T + c)
        if persistent:
            for _ in range(k):
                chains = draw(sigmoid(draw(sigmoid(chains @ w.T + c)) @ w + b))
            end = chains
        else:
            s = draw(h)
            for _ in range(k - 1):
                s = draw(sigmoid(draw(sigmoid(s @ w + b)) @ w.T + c))
            end = sigmoid(s @ w + b)
        he = sigmoid(end @ w.T + c)
        gradients = (he.T @ end - h.T @ data) / B + decay * w, (end - data).mean(0), (he - h).mean(0)
        for i, (x, g) in enumerate(zip((w, b, c), gradients)):
            speed[i] = (momentum * speed[i] + g).astype(F)
            x -= rate * speed[i]
        ends.append(end)
    return w, b, c, np.stack(ends)


out["weight"] = random.normal(0, 0.5, (H, V)).astype(F)
out["visible_bias"] = random.normal(0, 0.3, V).astype(F)
out["hidden_bias"] = random.normal(0, 0.3, H).astype(F)
out["data"] = (random.random((B, V)) < 0.4).astype(F)

for name, k, persistent in (("cd1", 1, False), ("cd3", 3, False), ("pcd2", 2, True)):
    at = 0
    for key, value in zip(("weight", "visible_bias", "hidden_bias", "ends"), learn(out["data"], k, persistent)):
        out[name + "." + key] = value

at, v, states = 0, out["data"], []
for _ in range(50):
    v = draw(sigmoid(draw(sigmoid(v @ out["weight"].T + out["hidden_bias"])) @ out["weight"] + out["visible_bias"]))
    states.append(v)
out["gibbs"] = np.stack(states)

at, v, states = 0, out["data"], []
for _ in range(20):
    v = (draw(sigmoid(v @ out["weight"].T + out["hidden_bias"])) @ out["weight"] + out["visible_bias"]).astype(F)
    v = v + normal(v.shape)
    states.append(v)
out["gaussian"] = np.stack(states)

write(__file__, out)
