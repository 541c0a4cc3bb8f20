package dev.headstart.task.report;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The version of Headstart that is running.
public final class Version {
    private Version() {}

    /// The version of this module, or of this jar on the class path; of class files without either it is not known.
    public static String current() {
        @Nullable
        ModuleDescriptor module = Version.class.getModule().getDescriptor();
        Optional<String> version = module == null
                ? Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                : module.rawVersion();
        return version.orElse("(from class files)");
    }
}
