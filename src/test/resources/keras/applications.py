"""Writes applications of keras.applications with random weights, whole, beside inputs and outputs: hundreds of megabytes, so not beside this script.

    KERAS_BACKEND=tensorflow python applications.py FOLDER

Compare by ApplicationsCheck, which is run by hand: java … dev.headstart.zoo.keras.ApplicationsCheck FOLDER
"""
import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(1)
for name, kind, size in [("resnet50", keras.applications.ResNet50, 224), ("vgg16", keras.applications.VGG16, 224),
                         ("inceptionv3", keras.applications.InceptionV3, 299), ("efficientnetb0", keras.applications.EfficientNetB0, 224),
                         ("mobilenetv2", keras.applications.MobileNetV2, 224), ("mobilenetv3", keras.applications.MobileNetV3Small, 224),
                         ("densenet121", keras.applications.DenseNet121, 224), ("xception", keras.applications.Xception, 299)]:
    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    model = kind(weights=None)
    for layer in model.layers:  # so that statistics and biases are none that could be forgotten
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([(random.uniform(0.8, 1.2, w.shape) if w.name in ("gamma", "moving_variance") else random.normal(0, 0.1, w.shape))
                               .astype("float32") for w in layer.weights])
    model.save(folder / (name + ".keras"))
    x = random.uniform(0, 255 if name in ("efficientnetb0", "mobilenetv3") else 1, (2, size, size, 3)).astype("float32")
    y = keras.Model(model.input, model.output)(x, training=False)
    np.save(folder / (name + ".x.npy"), x)
    np.save(folder / (name + ".y.npy"), np.asarray(y))
    print(name, float(np.asarray(y).max()), flush=True)
