"""scikit-learn's side of dev.headstart.bench.Clusters: kmeans_sklearn.py IMAGES SEED…; threads by OMP_NUM_THREADS and OPENBLAS_NUM_THREADS."""
import gzip
import sys
import time
import warnings

import numpy as np
from sklearn.cluster import KMeans

warnings.filterwarnings("ignore")
with gzip.open(sys.argv[1]) as file:
    rows = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784).astype(np.float32) / 255
KMeans(100, init=rows[:100], n_init=1, max_iter=5, tol=0).fit(rows)


def run(what, model):
    begin = time.perf_counter()
    model.fit(rows)
    print(f"scikit-learn {what}: {time.perf_counter() - begin:.2f} s, {model.n_iter_} rounds, inertia {model.inertia_:.1f}", flush=True)


run("30 rounds from the first 100", KMeans(100, init=rows[:100], n_init=1, max_iter=30, tol=0))
for seed in sys.argv[2:]:
    run(f"seed {seed}", KMeans(100, n_init=1, random_state=int(seed)))
