"""Writes small.weights.h5, whole.h5 and small.keras beside this script with Keras 3.15 (KERAS_BACKEND=torch python make_keras.py).

Element i of each weight is (7 * i) % 23 - 5: the tests know that.
"""
import os
import pathlib

import keras
import numpy as np

os.chdir(pathlib.Path(__file__).parent)
model = keras.Sequential([keras.Input((6, 6, 1)), keras.layers.Conv2D(2, 3, name="conv"), keras.layers.BatchNormalization(name="norm"),
                          keras.layers.Flatten(name="flat"), keras.layers.Dense(3, name="head")])
model.set_weights([((7 * np.arange(w.size)) % 23 - 5).reshape(w.shape).astype("float32") for w in model.get_weights()])
model.save_weights("small.weights.h5")
model.save("whole.h5")
model.save("small.keras")
