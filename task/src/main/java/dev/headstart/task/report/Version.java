package dev.headstart.task.report;

import java.lang.module.ModuleDescriptor;
import org.jspecify.annotations.Nullable;

/// The version of Headstart that is running.
public final class Version {
    private Version() {}

    /// The version of this module; on the class path it is not known.
    public static String current() {
        @Nullable
        ModuleDescriptor module = Version.class.getModule().getDescriptor();
        return module == null ? "(from class files)" : module.rawVersion().orElse("(no version)");
    }
}
