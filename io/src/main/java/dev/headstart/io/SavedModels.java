package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What TensorFlow writes and is not read: each by its name, with what to do about it.
final class SavedModels {
    /// The graph of a SavedModel.
    static final String GRAPH = "the graph of a TensorFlow SavedModel, which is not read: save the model in one file, in Python: "
            + "keras.models.load_model('FOLDER').save('model.keras')";

    private static final String CHECKPOINT = "a TensorFlow checkpoint, which is not read: of a Keras model, model.save('model.keras'); "
            + "of BERT, in Python: transformers.BertForPreTraining.from_pretrained('FILE', from_tf=True, config="
            + "transformers.BertConfig.from_json_file('bert_config.json')).save_pretrained('folder')";

    /// The last bytes of a table of LevelDB, which an index is.
    private static final long TABLE = 0xdb4775248b80fb57L;
    private static final Pattern DATA = Pattern.compile(".*\\.data-\\d{5}-of-\\d{5}");

    private SavedModels() {}

    /// What a file is called that is a part of a checkpoint; nothing when it is none.
    static @Nullable String checkpoint(Source source) throws IOException {
        String name = String.valueOf(source.file().getFileName());
        return DATA.matcher(name).matches() || isTable(source) ? CHECKPOINT : null;
    }

    private static boolean isTable(Source source) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return source.size() >= Long.BYTES && source.fill(last, source.size() - Long.BYTES) == Long.BYTES && last.getLong(0) == TABLE;
    }

    /// What a folder is called that holds a model of another program; nothing when it holds none.
    static @Nullable String folder(Disk disk, Path folder) throws IOException {
        if (disk.is(Disk.Kind.FILE, folder.resolve("saved_model.pb"))) {
            return GRAPH.replace("the graph of ", "");
        }
        for (String name : new String[] {"tf_model.h5", "flax_model.msgpack"}) {
            if (disk.is(Disk.Kind.FILE, folder.resolve(name))) {
                String from = name.startsWith("tf") ? "from_tf" : "from_flax";
                return "a folder with " + name + " alone, which is not read: in Python: transformers.AutoModel.from_pretrained('FOLDER', "
                        + from + "=True).save_pretrained('FOLDER')";
            }
        }
        return null;
    }
}
