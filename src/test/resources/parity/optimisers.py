"""What the shared parity folder's full-size cases leave out: the parameters after three steps of AdamW and of SGD, in samples.

    python optimisers.py PATH/TO/parity/generate.py [CASE ...]     (needs torch, torchvision, transformers, safetensors)

Runs generate.py for each of the cases beside this file that has no such parameters, keeps them, and writes `optimisers.safetensors` and
`optimisers.json` (their tolerances) into the case's folder. Tensors of more than 64 elements are sampled as generate.py samples those of more
than 4096, but their tolerance is over all elements. The rest of what it computes is compared with data.safetensors: the weights and the batch are the same.
"""
import json
import pathlib
import sys
import tempfile

import numpy as np
from safetensors.numpy import load_file, save_file

DIVERGING = ["vgg16_bn"]  # three steps of SGD let a bias grow to 25: no run in float32 follows

generate = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent
source = generate.read_text()
for old, new in (("    if not whole:", "    if False:"),
                 ("    a = np.asarray(a, dtype=np.float64).reshape(-1) if np.size(a) > 4096 else np.asarray(a, dtype=np.float64)\n    if a.size <= 4096: return a\n",
                  "    most = 64 if name.startswith(('adamw3.', 'sgd3.')) else 4096\n    a = np.asarray(a, dtype=np.float64)\n    if most == 64: RAW.setdefault(name, []).append(a)\n    if a.size <= most: return a\n    a = a.reshape(-1)\n"),
                 ("    if A.only not in name: return\n", "    if A.only != name: return\n")):
    assert source.count(old) == 1, old
    source = source.replace(old, new)

full = [p.parent.name for p in sorted(here.glob("*/data.safetensors")) if sum(k.startswith("adamw3.") for k in load_file(p)) == 1]
for case in sys.argv[2:] or full:
    with tempfile.TemporaryDirectory() as out:
        sys.argv = [str(generate), out, "--only", case]
        raw = {}
        exec(compile(source, str(generate), "exec"), {"__name__": "generate", "__file__": str(generate), "RAW": raw})
        data = load_file(pathlib.Path(out, case, "data.safetensors"))
        tolerance = json.loads(pathlib.Path(out, case, "case.json").read_text())["tolerance"]
    for name, known in load_file(here / case / "data.safetensors").items():
        assert np.allclose(data[name], known, rtol=1e-6, atol=1e-9), (case, name)
    steps = ("adamw3.",) if case in DIVERGING else ("adamw3.", "sgd3.")
    found = {k: v for k, v in data.items() if k.startswith(steps) and not k.endswith("3.loss")}
    save_file(found, here / case / "optimisers.safetensors")
    for name in found:
        tolerance[name] = max(tolerance[name], float(np.abs(raw[name][0] - raw[name][1]).max()))
    (here / case / "optimisers.json").write_text(json.dumps({"tolerance": {k: tolerance[k] for k in found}}, indent=1) + "\n")
    print(case, len(found), flush=True)
