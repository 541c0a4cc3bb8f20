"""Reference numbers for dev.headstart.train.measure.Scores: LogME by its authors' own code.

    NUMBA_DISABLE_JIT=1 python make_golden.py PATH/TO/thuml-LogME/LogME.py     (needs numpy and numba)

Writes golden.json beside this file. Features are x[i, j] = ((i * 7919 + j * 104729 + 13) % 1009) / 1009 + (label == j % classes) * gap, so that both
sides make them without a file.
"""
import importlib.util
import json
import pathlib
import sys

import numpy as np

spec = importlib.util.spec_from_file_location("LogME", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)


def case(n, width, classes, gap):
    labels = np.array([(i * 5 + i // 3) % classes for i in range(n)])
    f = np.array([[np.float32(((i * 7919 + j * 104729 + 13) % 1009) / 1009 + (gap if labels[i] == j % classes else 0)) for j in range(width)]
                  for i in range(n)], dtype=np.float32)
    return {"n": n, "width": width, "classes": classes, "gap": gap, "logme": float(module.LogME().fit(f, labels))}


cases = [case(60, 12, 3, 0.0), case(60, 12, 3, 0.5), case(60, 12, 3, 2.0), case(20, 40, 4, 0.5), case(33, 33, 2, 1.0), case(100, 30, 10, 0.7)]
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(cases, indent=1) + "\n")
