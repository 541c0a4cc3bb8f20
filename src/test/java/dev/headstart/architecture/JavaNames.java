package dev.headstart.architecture;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The Java names that documentation may refer to: types of this project, of `java.base` and of the vector module, with their members.
final class JavaNames {
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");
    private static final Path PACKAGES = Path.of("dev", "headstart");

    /// Source files by the simple names of the types in them.
    private final Map<String, Set<Path>> files = new HashMap<>();

    private final List<String> jdk = Stream.of("java.base", "jdk.incubator.vector")
            .flatMap(name -> ModuleLayer.boot().findModule(name).stream()).flatMap(module -> module.getDescriptor().exports().stream())
            .filter(each -> !each.isQualified()).map(Exports::source).toList();

    JavaNames() throws IOException {
        for (Path file : Project.files(Project.root(), ".java")) {
            Path inside = Project.root().relativize(file);
            if (!inside.startsWith("target") && inside.toString().contains(PACKAGES.toString())) {
                TYPE.matcher(Files.readString(file)).results()
                        .forEach(match -> files.computeIfAbsent(match.group(1), name -> new TreeSet<>()).add(file));
            }
        }
    }

    /// How many types of this project there are.
    int size() {
        return files.size();
    }

    /// Whether a type of this simple name exists.
    boolean has(String type) {
        return files.containsKey(type) || !ofJdk(type).isEmpty();
    }

    /// Whether a type of this simple name has such a member: a method, a field, a constant or a nested type.
    boolean has(String type, String member) {
        return Stream.concat(files.getOrDefault(type, Set.of()).stream().flatMap(file -> declared(file, type)), ofJdk(type).stream())
                .flatMap(JavaNames::members).anyMatch(member::equals);
    }

    private List<Class<?>> ofJdk(String type) {
        return jdk.stream().flatMap(name -> load(name + "." + type)).toList();
    }

    /// The type of this simple name in a file; none when the file is not on the class path of the tests.
    private static Stream<Class<?>> declared(Path file, String type) {
        String inside = Project.root().relativize(file).toString().replace(File.separatorChar, '.');
        String name = inside.substring(inside.indexOf("dev.headstart."), inside.length() - ".java".length());
        return load(name).flatMap(JavaNames::withNested).filter(each -> each.getSimpleName().equals(type));
    }

    private static Stream<Class<?>> withNested(Class<?> type) {
        return Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses()).flatMap(JavaNames::withNested));
    }

    private static Stream<Class<?>> load(String name) {
        try {
            return Stream.of(Class.forName(name, false, JavaNames.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Stream.empty();
        }
    }

    private static Stream<String> members(Class<?> type) {
        Stream<Member> own = Stream.of(type.getDeclaredMethods(), type.getMethods(), type.getDeclaredFields(), type.getFields())
                .flatMap(Arrays::stream);
        return Stream.concat(own.map(Member::getName), Arrays.stream(type.getClasses()).map(Class::getSimpleName));
    }
}
