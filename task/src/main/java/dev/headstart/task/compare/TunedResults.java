package dev.headstart.task.compare;

import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.task.tuning.Initialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What fine-tuning gave, as `compare` wrote it down.
public final class TunedResults {
    private TunedResults() {}

    /// The mean accuracy at the end of runs from pre-trained weights in which everything is trained, with most labels.
    ///
    /// @throws IOException when the file cannot be read or has no such runs
    public static double accuracy(Path report) throws IOException {
        try {
            List<Json.Obj> runs = new ArrayList<>();
            if (Json.read(report) instanceof Json.Obj root) {
                for (Json run : root.array("runs")) {
                    if (run instanceof Json.Obj one && one.string("start").equals(Initialization.PRETRAINED.toString())
                            && one.string("learning").equals(TuningMode.FULL.toString())) {
                        runs.add(one);
                    }
                }
            }
            long most = 0;
            for (Json.Obj run : runs) {
                most = Math.max(most, run.integer("labelsPerClass"));
            }
            double sum = 0;
            int count = 0;
            for (Json.Obj run : runs) {
                if (run.integer("labelsPerClass") == most) {
                    sum += run.number("accuracy");
                    count++;
                }
            }
            if (count == 0) {
                throw new IOException(report + ": it has no runs from pre-trained weights in which everything learnt: compare writes such"
                        + " for the mode full");
            }
            return sum / count;
        } catch (JsonException e) {
            throw new IOException(report + ": " + e.getMessage(), e);
        }
    }
}
