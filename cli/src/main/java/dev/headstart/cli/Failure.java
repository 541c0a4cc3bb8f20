package dev.headstart.cli;

import dev.headstart.cli.options.OptionNames;
import dev.headstart.task.folder.DifferentRunException;
import dev.headstart.task.folder.MissingFileException;
import dev.headstart.task.folder.WrongKindException;
import dev.headstart.task.model.UntrainedException;
import dev.headstart.task.tuning.SettingException;
import dev.headstart.tensor.ShapeException;
import dev.headstart.zoo.PartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Failures in one sentence.
final class Failure {
    private Failure() {
    }

    /// What went wrong, for people.
    static String sentence(Throwable failure) {
        Throwable e = cause(failure);
        @Nullable
        String message = e.getMessage();
        return switch (e) {
            case NoSuchFileException f -> f.getFile() + ": there is no such file";
            case AccessDeniedException f -> f.getFile() + ": access was denied";
            case NotDirectoryException f -> f.getFile() + ": this is not a folder";
            case DirectoryNotEmptyException f -> f.getFile() + ": this folder is not empty";
            case FileAlreadyExistsException f -> f.getFile() + ": this exists already";
            case OutOfMemoryError _ ->
                    "out of memory (" + message + "), the heap is at most " + Runtime.getRuntime().maxMemory() / (1 << 20)
                            + " MB: set HEADSTART_JAVA_OPTS=-Xmx… to give it more";
            case StopRequest.Stopped _ -> message == null ? "stopped" : message;
            case SettingException f -> f.message(OptionNames::of);
            case MissingFileException f -> message + switch (f.kind()) {
                case CONFIGURATION -> ": give --config";
                case TOKENIZER -> ": give --tokenizer";
                case NETWORK -> ": headstart inspect lists them; a Keras model needs --config with its JSON";
            };
            case PartException _ -> message + ": give --part";
            case WrongKindException f -> message + switch (f.reads()) {
                case IMAGES -> ": give images, by --data";
                case TEXTS -> ": give texts, by --data with --text-column and --label-column, or by --text";
            };
            case DifferentRunException _ -> message + " (--restart begins anew, --out chooses a folder)";
            case UntrainedException f -> message + " (headstart finetune --from " + f.from() + " …)";
            default -> unexpected(e) || message == null ? e.toString() : message;
        };
    }

    /// Whether this is none of the failures that input can cause.
    static boolean unexpected(Throwable failure) {
        return switch (cause(failure)) {
            case IOException _ -> false;
            case ShapeException _ -> false;
            case IllegalArgumentException _ -> false;
            case IllegalStateException _ -> false;
            case OutOfMemoryError _ -> false;
            default -> true;
        };
    }

    /// The failure inside wrappers that say nothing themselves.
    static Throwable cause(Throwable e) {
        boolean wrapper = e instanceof UncheckedIOException || e instanceof ExecutionException || e instanceof ExceptionInInitializerError;
        @Nullable
        Throwable cause = e.getCause();
        return wrapper && cause != null ? cause(cause) : e;
    }
}
