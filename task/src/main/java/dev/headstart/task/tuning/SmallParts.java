package dev.headstart.task.tuning;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is done about batches of which a part has one example. Batch norm over a map of one pixel cannot be computed of it: this is found
/// out before the first step, by trying.
enum SmallParts {
    /// The batches are as they come.
    ALLOWED,
    /// The last batch of an epoch joins the one before.
    JOINED;

    /// Looks at the sizes of batches, and where a part is one example, at the network.
    ///
    /// @throws IOException when the parts of every batch have one example, and the network needs more
    static SmallParts of(FinetuneTask task, TuningSettings settings, Features features, RandomStream random) throws IOException {
        int size = task.training().size();
        int full = Math.min(settings.batch(), size);
        int rest = size % full;
        boolean alone = smallest(full, settings.accumulate()) == 1;
        if ((!alone && (rest == 0 || smallest(rest, settings.accumulate()) > 1)) || takesOne(task, features, random)) {
            return ALLOWED;
        }
        if (alone) {
            throw new SettingException(Setting.BATCH, "batches of " + full + " examples"
                    + (settings.accumulate() == 1 ? "" : " in " + settings.accumulate() + " parts")
                    + ": batch norm of images as small as these cannot be trained on one example at a time: at least "
                    + 2 * settings.accumulate() + " are needed");
        }
        return JOINED;
    }

    /// Examples of the smallest part of a batch.
    private static int smallest(int batch, int parts) {
        return batch / Math.min(parts, batch);
    }

    /// Whether the network can be trained on one example. Nothing is changed.
    private static boolean takesOne(FinetuneTask task, Features features, RandomStream random) {
        if (task.network().part().parts().all(BatchNorm.class).isEmpty()) {
            return true;
        }
        Map<String, Tensor> buffers = new LinkedHashMap<>();
        Parameters all = task.parameters();
        all.byName().forEach((name, parameter) -> {
            if (parameter.isBuffer()) {
                buffers.put(name, parameter.value().copy());
            }
        });
        try {
            Mode.training(random, () -> task.network().classify(features.of(new int[] {0}, random)));
            return true;
        } catch (ShapeException e) {
            return false;
        } finally {
            buffers.forEach((name, value) -> all.get(name).value().copyInPlace(value));
        }
    }

    /// The batches of a task.
    Batches of(FinetuneTask task, TuningSettings settings, RandomStream random) {
        Batches batches = task.batches(settings.batch(), random);
        return this == JOINED ? batches.joiningLast() : batches;
    }
}
