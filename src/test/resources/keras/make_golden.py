"""Writes the models beside this script and golden.safetensors, what Keras 3.15 on TensorFlow gives for them:

    KERAS_BACKEND=tensorflow python make_golden.py

Each model has x, y, and dY with the gradient of sum(y * dY) for x and for each trainable weight, by the weight's name here. All are small instances
of what keras.applications are made of, with random weights. "trained" was compiled and trained, and is there in each form Keras has for it; early.h5 is
the same with the names and the configuration of Keras 2.
"""
import json
import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from golden import write

os.chdir(HERE)
random = np.random.default_rng(3)
out = {}


def randomise(model):
    values = []
    for weight in model.weights:
        value = random.normal(0, 1 / np.sqrt(max(1, np.prod(weight.shape[:-1]))), weight.shape)
        if weight.name in ("gamma", "moving_variance", "variance"):
            value = random.uniform(0.5, 1.5, weight.shape)
        elif weight.name in ("beta", "bias", "moving_mean", "mean"):
            value = random.normal(0, 0.3, weight.shape)
        values.append(value.astype("float32") if weight.name != "count" else np.int64(7))
    model.set_weights(values)


def leaves(model, path=""):
    for layer in model.layers:
        name = path + layer.name
        if isinstance(layer, keras.Model):
            yield from leaves(layer, name + "/")
        else:
            yield name, layer


def early(layer, weight):
    depthwise = isinstance(layer, L.DepthwiseConv2D) and weight.name == "kernel"
    return ("depthwise_" if depthwise else "") + weight.name + ":0"


def put(case, model, x=None):
    x = random.normal(0, 1, (2,) + model.input_shape[1:]).astype("float32") if x is None else x
    with tf.GradientTape() as tape:
        given = tf.constant(x)
        tape.watch(given)
        y = model(given, training=False)
        dY = random.normal(0, 1, y.shape).astype("float32")
        loss = tf.reduce_sum(y * dY)
    named = {name + "/" + early(layer, w): w for name, layer in leaves(model) for w in layer.trainable_weights}
    gradients = tape.gradient(loss, [given] + [w.value for w in named.values()])
    out[case + ".x"], out[case + ".y"], out[case + ".dY"], out[case + ".dX"] = x, y.numpy(), dY, gradients[0].numpy()
    for name, gradient in zip(named, gradients[1:]):
        out[case + ".d " + name] = gradient.numpy()


def case(name, model):
    randomise(model)
    model.save(name + ".keras")
    put(name, keras.models.load_model(name + ".keras"))  # set_weights does not tell Normalization that its mean changed


def functional(name, shape, body):
    keras.backend.clear_session()
    x = keras.Input(shape)
    case(name, keras.Model(x, body(x), name=name))


def residual(x):  # ResNet50: padding before a strided convolution and pooling, a shortcut with a convolution and one without
    y = L.ZeroPadding2D(3)(x)
    y = L.Conv2D(8, 7, strides=2)(y)
    y = L.ReLU()(L.BatchNormalization(epsilon=1.001e-5)(y))
    y = L.MaxPooling2D(3, strides=2)(L.ZeroPadding2D(1)(y))
    for shortcut in True, False:
        side = L.BatchNormalization(epsilon=1.001e-5)(L.Conv2D(16, 1)(y)) if shortcut else y
        y = L.Activation("relu")(L.BatchNormalization(epsilon=1.001e-5)(L.Conv2D(4, 1)(y)))
        y = L.Activation("relu")(L.BatchNormalization(epsilon=1.001e-5)(L.Conv2D(4, 3, padding="same")(y)))
        y = L.BatchNormalization(epsilon=1.001e-5)(L.Conv2D(16, 1)(y))
        y = L.Activation("relu")(L.Add()([side, y]))
    return L.Dense(5, activation="softmax")(L.GlobalAveragePooling2D()(y))


def inception(x):  # InceptionV3: batch norm without scale, uneven kernels, averages that leave padding out, joined channels
    def convolved(y, filters, rows, columns, **options):
        y = L.Conv2D(filters, (rows, columns), use_bias=False, padding=options.pop("padding", "same"), **options)(y)
        return L.Activation("relu")(L.BatchNormalization(scale=False)(y))

    y = convolved(x, 6, 3, 3, strides=2, padding="valid")
    a = convolved(y, 3, 1, 1)
    b = convolved(convolved(convolved(y, 2, 1, 1), 3, 1, 7), 4, 7, 1)
    c = convolved(L.AveragePooling2D(3, strides=1, padding="same")(y), 3, 1, 1)
    y = L.concatenate([a, b, c], axis=3)
    y = L.concatenate([convolved(y, 4, 3, 3, strides=2, padding="valid"), L.MaxPooling2D(3, strides=2)(y)])
    y = L.AveragePooling2D((2, 3), strides=(2, 1), padding="same")(y)
    return L.Dense(4, activation="softmax")(L.GlobalMaxPooling2D()(y))


def squeeze(x):  # EfficientNet: rescaling and normalisation within, depthwise convolutions, squeeze and excitation, dropped branches
    y = L.Normalization()(L.Rescaling(1 / 255)(x))
    y = L.ZeroPadding2D(((0, 1), (0, 1)))(L.Rescaling([0.5, 1.5, 2.0])(y))
    y = L.Activation("swish")(L.BatchNormalization(center=False)(L.Conv2D(6, 3, strides=2, use_bias=False)(y)))
    z = L.Activation("swish")(L.BatchNormalization(scale=False, center=False)(L.Conv2D(12, 1, padding="same", use_bias=False)(y)))
    z = L.Activation("swish")(L.BatchNormalization()(L.DepthwiseConv2D(5, padding="same", use_bias=False)(z)))
    s = L.Reshape((1, 1, 12))(L.GlobalAveragePooling2D()(z))
    s = L.Conv2D(12, 1, padding="same", activation="sigmoid")(L.Conv2D(3, 1, padding="same", activation="swish")(s))
    z = L.BatchNormalization()(L.Conv2D(6, 1, padding="same", use_bias=False)(L.multiply([z, s])))
    y = L.add([L.Dropout(0.2, noise_shape=(None, 1, 1, 1))(z), y])
    return L.Dense(3, activation="softmax")(L.Dropout(0.2)(L.GlobalAveragePooling2D()(y)))


def separable(x):  # Xception and MobileNet: separable and depthwise convolutions, with multipliers, dilation and strides; ReLU up to 6
    y = L.SeparableConv2D(6, 3, strides=2, padding="same", depth_multiplier=2, activation="relu")(x)
    y = L.ReLU(6.0)(L.DepthwiseConv2D((3, 2), depth_multiplier=2, padding="same", dilation_rate=2)(y))
    y = L.DepthwiseConv2D(3, strides=2, padding="same", activation="relu6")(y)
    y = L.Conv2D(8, 2, groups=4, padding="same", activation=L.LeakyReLU(0.1))(y)
    y = L.SpatialDropout2D(0.1)(L.PReLU(shared_axes=(1, 2))(y))
    y = L.UpSampling2D(2)(L.Cropping2D(((0, 1), (1, 0)))(y))
    y = L.UpSampling2D((2, 1), interpolation="bilinear")(y)
    return L.Softmax()(L.Dense(3)(L.Flatten()(L.GlobalAveragePooling2D(keepdims=True)(y))))


def functions(x):  # each function of keras.activations, as a layer and as an option
    names = ["relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "softplus", "softsign", "exponential", "mish",
             "hard_sigmoid", "hard_silu", "softmax", "log_softmax", "linear"]
    ends = [L.Activation(name)(x) for name in names] + [L.Dense(3, activation=name)(x) for name in names]
    ends += [L.LeakyReLU()(x), L.LeakyReLU(0.05)(x), L.ELU(0.7)(x), L.ReLU(1.5, negative_slope=0.2, threshold=0.3)(x), L.ReLU(threshold=0.4)(x),
             L.PReLU()(x), L.Subtract()([x, ends[0]]), L.Average()([x, ends[1], ends[2]]), L.LayerNormalization()(x), L.Normalization(invert=True)(x)]
    return L.Concatenate()(ends)


def nested():  # transfer learning as in tutorials: augmentation, a body that is a model, a head; a layer used twice; operators
    keras.backend.clear_session()
    i = keras.Input((8, 8, 3))
    twice = L.Conv2D(3, 3, padding="same", name="twice", activation="relu")
    deep = keras.Sequential([keras.Input((8, 8, 3)), L.Conv2D(3, 1, name="dense")], name="deep")
    body = keras.Model(i, L.Conv2D(4, 3, strides=2)(twice(deep(twice(i)))), name="body")
    body.trainable = False
    augmentation = keras.Sequential([L.RandomFlip("horizontal"), L.RandomRotation(0.1), L.RandomZoom(0.1)], name="augmentation")
    j = keras.Input((8, 8, 3))
    y = body((augmentation(j) * 2.0 - 1.0) / 0.5 + j, training=False)
    y = 1.0 - L.Dropout(0.2)(L.GlobalAveragePooling2D()(y))
    case("nested", keras.Model(j, L.Dense(3, name="dense", activation="softmax", kernel_regularizer="l2")(y), name="nested"))


def trained():
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((6, 6, 2)), L.Conv2D(3, 3, padding="same", activation="relu"), L.BatchNormalization(), L.Conv2D(4, 2),
                              L.MaxPooling2D(), L.Flatten(), L.Dense(5, activation="relu"), L.Dropout(0.3), L.Dense(3, activation="softmax")],
                             name="trained")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(random.normal(0, 1, (12, 6, 6, 2)).astype("float32"), np.arange(12) % 3, epochs=2, verbose=0)
    model.save("trained.keras")
    model.save("trained.h5")
    model.save_weights("trained.weights.h5")
    pathlib.Path("trained.json").write_text(model.to_json())
    put("trained", model)
    as_keras_2(model)


def binary():  # pictures as bytes, two classes told apart by one output
    keras.backend.clear_session()
    model = keras.Sequential([keras.Input((6, 6, 3)), L.Rescaling(1 / 127.5, offset=-1), L.Conv2D(4, 3, activation="relu"),
                              L.GlobalAveragePooling2D(), L.Dense(1, activation="sigmoid")], name="binary")
    randomise(model)
    model.compile("adam", "binary_crossentropy")
    model.fit(random.uniform(0, 255, (4, 6, 6, 3)), np.arange(4) % 2, verbose=0)
    model.save("binary.keras")
    model.save_weights("binary.weights.h5")
    pathlib.Path("binary.json").write_text(model.to_json())
    put("binary", model, random.integers(0, 256, (2, 6, 6, 3)).astype("float32"))


def as_keras_2(model):
    config = json.loads(model.to_json())
    layers = []
    for layer in config["config"]["layers"]:
        options = {k: v for k, v in layer["config"].items() if k not in ("dtype", "optional", "synchronized", "quantization_config") and "renorm" not in k}
        options["dtype"] = "float32"
        if "batch_shape" in options:
            options["batch_input_shape"] = options.pop("batch_shape")
        layers.append({"class_name": layer["class_name"], "config": options})
    early = {"class_name": "Sequential", "config": {"name": "trained", "layers": layers}, "keras_version": "2.11.0", "backend": "tensorflow"}
    with h5py.File("early.h5", "w") as f:
        f.attrs["model_config"] = json.dumps(early)
        f.attrs["keras_version"], f.attrs["backend"] = "2.11.0", "tensorflow"
        weights = f.create_group("model_weights")
        for layer in model.layers:
            group = weights.create_group(layer.name)
            group.attrs["weight_names"] = np.array([(layer.name + "/" + w.name + ":0").encode() for w in layer.weights])
            for w in layer.weights:
                group[layer.name + "/" + w.name + ":0"] = w.numpy()
        f["optimizer_weights/training/Adam/iterations:0"] = np.int64(2)
    with h5py.File("early.weights.h5", "w") as f:  # Keras 2.13: layers with weights are counted twice
        used = {}
        for layer in model.layers:
            kind = keras.src.utils.naming.to_snake_case(type(layer).__name__)
            number = used.get(kind, 0)
            used[kind] = number + (2 if layer.weights else 1)
            name = "_layer_checkpoint_dependencies\\" + kind + ("_%d" % number if number else "")
            group = f.create_group(name + "/vars")
            for n, w in enumerate(layer.weights):
                group[str(n)] = w.numpy()
        f["optimizer/vars/0"] = np.int64(2)


functional("residual", (17, 18, 3), residual)
functional("inception", (19, 18, 3), inception)
functional("squeeze", (12, 11, 3), squeeze)
functional("separable", (13, 12, 2), separable)
functional("functions", (3, 4, 3), functions)
nested()
trained()
binary()
write(__file__, out)
