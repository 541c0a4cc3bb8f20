package dev.headstart.io.safetensors;

import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.WeightFormat;
import java.io.IOException;

/// The safetensors format ([SafeTensorsHeader] describes it).
public final class SafeTensorsFormat implements WeightFormat {
    @Override
    public String name() {
        return "safetensors";
    }

    /// A length below 2³², and the brace of an object. The length alone may look like another format's mark: 640 is that of a pickle.
    @Override
    public boolean recognises(byte[] head) {
        return head.length > 8 && head[4] == 0 && head[5] == 0 && head[6] == 0 && head[7] == 0 && head[8] == '{';
    }

    @Override
    public Contents read(Source source) throws IOException {
        return SafeTensorsHeader.read(source, "");
    }

    /// The format has no mark, so any file may be meant to be one.
    @Override
    public Contents lastResort(Source source, String hint) throws IOException {
        return SafeTensorsHeader.read(source, hint);
    }
}
