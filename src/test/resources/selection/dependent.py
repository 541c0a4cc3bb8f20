"""Reference numbers for LogME of features that depend on each other: the evidence of a Bayesian linear regression by its definition.

    python dependent.py     (needs numpy)

Writes dependent.json beside this file. The fixed point of alpha and beta is that of thuml/LogME (11 rounds, 1e-3), the evidence is
D/2 log alpha + n/2 log beta - 1/2 log |alpha 1 + beta F'F| - beta/2 |F m - y|^2 - alpha/2 |m|^2 - n/2 log 2 pi, per example, with the determinant
and m by LU decomposition: nothing depends on which singular values count as zero.
"""
import json
import pathlib

import numpy as np


def evidence(f, y):
    n, width = f.shape
    gram, right = f.T @ f, f.T @ y
    alpha = beta = 1.0
    for _ in range(11):
        t = alpha / beta
        inverse = np.linalg.inv(gram + t * np.eye(width))
        m = inverse @ right
        gamma = width - t * np.trace(inverse)
        m2, residual = m @ m, ((f @ m - y) ** 2).sum()
        alpha, beta = gamma / (m2 + 1e-5), (n - gamma) / (residual + 1e-5)
        if abs(alpha / beta - t) / t <= 1e-3:
            break
    determinant = np.linalg.slogdet(alpha * np.eye(width) + beta * gram)[1]
    return (width / 2 * np.log(alpha) + n / 2 * np.log(beta) - determinant / 2 - beta / 2 * residual - alpha / 2 * m2
            - n / 2 * np.log(2 * np.pi)) / n


def features(kind, n, width, factor):
    labels = [(i * 5 + i // 3) % 3 for i in range(n)]
    f = np.zeros((n, width))
    for i in range(n):
        for j in range(width):
            half = j % ((width + 1) // 2)
            base = (i * 7919 + half * 104729 + 13) % 17 + (9 if labels[i] == half % 3 else 0)
            other = (i * 7919 + 13) % 17 + (9 if labels[i] == 0 else 0)
            f[i, j] = factor * {"twice": base, "sums": base + (0 if half == j else other), "zeros": base if half == j else 0, "constant": 3}[kind]
    return f, np.array(labels)


cases = []
for kind in ("twice", "sums", "zeros", "constant"):
    for n, width, factor in ((20, 4, 1), (40, 7, 1), (90, 12, 1), (150, 30, 1), (60, 10, 100)):
        f, labels = features(kind, n, width, factor)
        value = np.mean([evidence(f, (labels == c) * 1.0) for c in range(3)])
        cases.append({"kind": kind, "n": n, "width": width, "factor": factor, "logme": float(value)})
pathlib.Path(__file__).with_name("dependent.json").write_text(json.dumps(cases, indent=1) + "\n")
