package dev.headstart.bench.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/// What allocates, by the JVM's own samples: how a test that counted too many bytes tells where to look.
final class Allocations {
    private static final String EVENT = "jdk.ObjectAllocationSample";
    private static final int FRAMES = 4;
    private static final int PLACES = 12;

    private Allocations() {}

    /// Classes of objects and the places that made most of them while `work` ran, with the bytes that the samples stand for.
    static String most(Runnable work) {
        try (Recording recording = new Recording()) {
            recording.enable(EVENT).with("throttle", "10000/s");
            recording.start();
            work.run();
            recording.stop();
            Path file = Files.createTempFile("allocations", ".jfr");
            try {
                recording.dump(file);
                return table(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String table(Path file) throws IOException {
        Map<String, Long> bytes = new HashMap<>();
        Set<Long> seen = new HashSet<>(); // a thread's first sample stands for all it has ever allocated
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (event.getEventType().getName().equals(EVENT) && !seen.add(event.getThread().getJavaThreadId())) {
                bytes.merge(event.getClass("objectClass").getName() + " at " + place(event), event.getLong("weight"), Long::sum);
            }
        }
        return bytes.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(PLACES)
                .map(place -> "%,15d bytes: %s".formatted(place.getValue(), place.getKey())).collect(Collectors.joining("\n", "\n", ""));
    }

    /// The innermost frames of ours.
    private static String place(RecordedEvent event) {
        return event.getStackTrace() == null
                ? "a place that is not known"
                : event.getStackTrace().getFrames().stream().filter(Allocations::isOurs)
                        .limit(FRAMES).map(Allocations::name).collect(Collectors.joining(" from "));
    }

    private static boolean isOurs(RecordedFrame frame) {
        return frame.getLineNumber() > 0 && frame.getMethod().getType().getName().startsWith("dev.headstart.");
    }

    private static String name(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethod().getName() + ":" + frame.getLineNumber() + " ("
                + frame.getType() + ")";
    }
}
