package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.architecture.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `headstart`, run among JDKs that are folders with a release file and a `java` that prints its arguments.
class LauncherTest {
    private static final List<String> TOOLS = List.of("sh", "dirname", "basename", "readlink", "uname", "grep", "find", "mkdir", "rm", "mv",
            "cat", "touch");
    private static final FileTime EARLY = FileTime.fromMillis(1_000_000_000_000L);
    private static final FileTime LATE = FileTime.fromMillis(1_100_000_000_000L);

    @TempDir
    private Path folder;

    private Path project;
    private Path jdks;
    private Path bin;
    private final Map<String, String> environment = new HashMap<>();

    private record Run(int code, String out, String err) {
        List<String> arguments() {
            return out.lines().skip(1).toList();
        }

        String jdk() {
            return out.lines().findFirst().orElse("");
        }
    }

    @BeforeEach
    void lay_out_a_built_project_without_any_jdk() throws IOException {
        project = Files.createDirectories(folder.resolve("my project"));
        jdks = Files.createDirectories(folder.resolve("all jdks"));
        bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            script(bin.resolve(tool), "exec " + find(tool) + " \"$@\"\n");
        }
        Files.copy(Project.root().resolve("headstart"), project.resolve("headstart"));
        write(project.resolve("pom.xml"), "<project/>", EARLY);
        write(project.resolve("cli/pom.xml"), "<project/>", EARLY);
        write(project.resolve("cli/src/main/java/Main.java"), "class Main {}", EARLY);
        write(project.resolve("cli/target/lib/picocli.jar"), "", LATE);
        write(project.resolve("cli/target/headstart-cli-1.jar"), "", LATE);
        environment.put("PATH", bin.toString());
        environment.put("HEADSTART_JDK_DIRS", folder.resolve("none") + ":" + jdks);
    }

    private static Path find(String tool) {
        for (String folder : List.of("/usr/bin", "/bin")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return Path.of(folder, tool);
            }
        }
        throw new IllegalStateException("no " + tool + " on this machine");
    }

    private static void write(Path file, String text, FileTime time) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, time);
    }

    private static Path script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    /// A JDK that prints its own name and then its arguments, a line each.
    private Path jdk(Path home, String version, String modules) throws IOException {
        script(home.resolve("bin/java"), "echo " + home.getFileName() + "\nprintf '%s\\n' \"$@\"\n");
        script(home.resolve("bin/javac"), "exit 1\n");
        Files.writeString(home.resolve("release"),
                "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"" + modules + "\"\n");
        return home;
    }

    private Path jdk(String name, String version) throws IOException {
        return jdk(jdks.resolve(name), version, "java.base jdk.incubator.vector jdk.zipfs");
    }

    private Run launch(Path script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Run(code, Files.readString(out), Files.readString(err));
    }

    private Run launch(String... arguments) throws IOException, InterruptedException {
        return launch(project.resolve("headstart"), arguments);
    }

    @Test
    void without_a_jdk_25_one_sentence_says_what_to_install() throws Exception {
        jdk("jdk-21", "21.0.9");
        jdk("jdk-8", "1.8.0_392");
        environment.put("JAVA_HOME", jdk(folder.resolve("home-17"), "17.0.15", "java.base").toString());
        Files.createSymbolicLink(bin.resolve("java"), folder.resolve("home-17/bin/java"));

        Run run = launch("demo");

        assertEquals(1, run.code);
        assertEquals("", run.out);
        assertEquals(1, run.err.lines().count(), run.err);
        assertTrue(run.err.startsWith("headstart: a JDK 25 or newer is needed and none was found: install one"), run.err);
    }

    @Test
    void the_newest_jdk_of_a_folder_is_taken() throws Exception {
        jdk("a-25.0.10", "25.0.10");
        jdk("b-25.0.9", "25.0.9");
        jdk("c-21", "21.0.1");

        assertEquals("a-25.0.10", launch().jdk());
    }

    @Test
    void java_home_comes_before_the_path_and_the_path_before_the_folders() throws Exception {
        jdk("newest", "27");
        Path onPath = jdk(folder.resolve("on path"), "26", "java.base");
        Files.createSymbolicLink(folder.resolve("alternative"), onPath.resolve("bin/java"));
        Files.createSymbolicLink(bin.resolve("java"), Path.of("../alternative"));
        assertEquals("on path", launch().jdk());

        environment.put("JAVA_HOME", jdk(folder.resolve("home"), "25", "java.base").toString());
        assertEquals("home", launch().jdk());
    }

    @Test
    void arguments_arrive_as_they_were_given() throws Exception {
        jdk("jdk-25", "25.0.3");

        List<String> arguments = launch("inspect", "two words", "", "*", "$HOME").arguments();

        int main = arguments.indexOf("dev.headstart.cli/dev.headstart.cli.Main");
        assertEquals("-m", arguments.get(main - 1));
        assertEquals(List.of("inspect", "two words", "", "*", "$HOME"), arguments.subList(main + 1, arguments.size()));
    }

    @Test
    void a_symbolic_link_leads_to_the_project() throws Exception {
        jdk("jdk-25", "25.0.3");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("my project", "headstart"));
        Path link = Files.createSymbolicLink(folder.resolve("link to link"), folder.resolve("link"));

        List<String> arguments = launch(link).arguments();

        String target = project.toRealPath() + "/cli/target";
        assertEquals(target + "/headstart-cli-1.jar:" + target + "/lib", arguments.get(arguments.indexOf("-p") + 1));
    }

    @Test
    void the_vector_module_is_added_where_there_is_one_and_it_is_wanted() throws Exception {
        Path jdk = jdk("jdk-25", "25.0.3");
        assertTrue(launch().arguments().contains("--add-modules=jdk.incubator.vector"));

        environment.put("HEADSTART_NO_VECTOR", "1");
        assertFalse(launch().arguments().contains("--add-modules=jdk.incubator.vector"));

        environment.remove("HEADSTART_NO_VECTOR");
        jdk(jdk, "25.0.3", "java.base java.logging");
        assertFalse(launch().arguments().contains("--add-modules=jdk.incubator.vector"));
    }

    @Test
    void options_of_the_user_come_after_our_own() throws Exception {
        jdk("jdk-25", "25.0.3");
        environment.put("HEADSTART_JAVA_OPTS", "-Xmx1g -Dx=*");

        List<String> arguments = launch().arguments();

        int ours = arguments.indexOf("-XX:MaxRAMPercentage=50");
        int users = arguments.indexOf("-Xmx1g");
        assertTrue(0 <= ours && ours < users && users < arguments.indexOf("-p"), arguments.toString());
        assertTrue(arguments.contains("-Dx=*"));
    }

    @Test
    void without_maven_one_sentence_asks_for_it_when_something_must_be_built() throws Exception {
        jdk("jdk-25", "25.0.3");
        Files.delete(project.resolve("cli/target/headstart-cli-1.jar"));

        Run run = launch();

        assertEquals(1, run.code);
        assertEquals("headstart: Maven is needed to build Headstart and was not found: install Maven 3.8 or newer\n", run.err);
    }

    @Test
    void a_source_newer_than_the_jar_is_built_once() throws Exception {
        jdk("jdk-25", "25.0.3");
        script(bin.resolve("mvn"), "echo \"$JAVA_HOME\" >>'" + folder.resolve("builds") + "'\nmkdir -p cli/target/lib\n");
        Files.setLastModifiedTime(project.resolve("cli/src/main/java/Main.java"), FileTime.fromMillis(1_200_000_000_000L));

        Run first = launch();
        Run second = launch();

        assertEquals("building Headstart (sources changed) …\n", first.err);
        assertEquals("", second.err);
        assertEquals("jdk-25", second.jdk());
        assertEquals(List.of(jdks.resolve("jdk-25").toString()), Files.readAllLines(folder.resolve("builds")));
    }

    @Test
    void a_build_that_fails_shows_why_and_is_tried_again() throws Exception {
        jdk("jdk-25", "25.0.3");
        Files.delete(project.resolve("cli/target/headstart-cli-1.jar"));
        script(bin.resolve("mvn"), "echo 'cannot find symbol'\nexit 1\n");

        for (int i = 0; i < 2; i++) {
            Run run = launch();
            assertEquals(1, run.code);
            assertTrue(run.err.contains("cannot find symbol\nheadstart: the build failed"), run.err);
            assertEquals("", run.out);
        }
    }

    @Test
    void peers_are_built_and_everything_goes_on_the_class_path() throws Exception {
        jdk("jdk-25", "25.0.3");
        write(project.resolve("bench/pom.xml"), "<project/>", EARLY);
        write(project.resolve("bench/src/main/java/Bench.java"), "class Bench {}", EARLY);
        Files.createDirectories(project.resolve("bench/peers"));
        script(bin.resolve("mvn"), "echo \"$@\" >>'" + folder.resolve("builds") + "'\n");

        Run run = launch("bench", "--only", "matmul 64x,mlp", "--peers");

        assertEquals("building the peers …\n", run.err);
        List<String> built = Files.readAllLines(folder.resolve("builds"));
        assertEquals(1, built.size());
        assertTrue(built.getFirst().contains("-Ppeers -pl bench/peers -am package"), built.getFirst());
        List<String> arguments = run.arguments();
        String peers = project.toRealPath() + "/bench/peers/target/";
        int path = arguments.indexOf("-cp");
        assertEquals(
                List.of(peers + "classes:" + peers + "lib/*", "dev.headstart.cli.Main", "bench", "--only", "matmul 64x,mlp", "--peers"),
                arguments.subList(path + 1, arguments.size()));
        assertFalse(arguments.contains("-p") || arguments.contains("-m"), arguments.toString());
        assertTrue(arguments.contains("--enable-native-access=ALL-UNNAMED"), arguments.toString());
        assertFalse(Files.exists(project.resolve("bench/peers/build.log")));
    }

    @Test
    void without_peers_the_bench_is_started_like_any_command() throws Exception {
        jdk("jdk-25", "25.0.3");

        List<String> arguments = launch("bench", "--only", "matmul").arguments();
        assertTrue(arguments.contains("-m"), arguments.toString());
        assertTrue(launch("demo", "--peers").arguments().contains("-m"), "peers are the bench's alone");
    }

    @Test
    void an_example_is_run_from_its_source_and_a_name_that_is_none_gets_the_names_there_are() throws Exception {
        jdk("jdk-25", "25.0.3");
        String examples = "src/test/java/dev/headstart/examples/";
        write(project.resolve(examples + "FreezingExample.java"), "", EARLY);
        write(project.resolve(examples + "ModesExample.java"), "", EARLY);

        List<String> arguments = launch("example", "Modes").arguments();
        String target = project.toRealPath() + "/cli/target";
        assertEquals(List.of("-p", target + "/headstart-cli-1.jar:" + target + "/lib", "--add-modules", "dev.headstart.task",
                project.toRealPath() + "/" + examples + "ModesExample.java"), arguments.subList(arguments.indexOf("-p"), arguments.size()));

        Run unknown = launch("example", "Mode");
        assertEquals(1, unknown.code);
        assertEquals("headstart: example 'Mode': the examples are Freezing Modes\n", unknown.err);
        assertEquals("headstart: example '': the examples are Freezing Modes\n", launch("example").err);
    }
}
