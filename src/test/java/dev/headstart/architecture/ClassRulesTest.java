package dev.headstart.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.lang.module.ModuleDescriptor.Exports;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/// Laws of the house that can be read off compiled classes.
class ClassRulesTest {
    static {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false); // names of classes are enough here
    }

    private static final String ROOT = "dev.headstart.";
    private static final JavaClasses ALL = new ClassFileImporter()
            .importPaths(Stream.concat(Project.LIBRARIES.stream(), Stream.of("bench", "cli")).map(Project::classes).toList());
    private static final JavaClasses LIBRARY = ALL.that(resideOutsideOfPackages(ROOT + "bench..", ROOT + "cli.."));
    private static final JavaClasses TESTS = new ClassFileImporter().importPath(Project.root().resolve("src/test/target/test-classes"));

    /// Packages of ours each library may use beside its own.
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "tensor", Set.of(),
            "autograd", Set.of("tensor"),
            "nn", Set.of("tensor", "autograd"),
            "optim", Set.of("tensor", "autograd"),
            "io", Set.of("tensor"),
            "images", Set.of("tensor", "io"),
            "zoo", Set.of("tensor", "autograd", "nn", "io"),
            "train", Set.of("tensor", "autograd", "nn", "optim", "io"),
            "task", Set.of("tensor", "autograd", "nn", "optim", "io", "zoo", "train"),
            "testkit", Set.of("tensor", "autograd", "nn"));

    @Test
    void the_rules_see_every_class() {
        int files = 0;
        for (String module : Project.LIBRARIES) {
            List<Path> own = Project.files(Project.classes(module), ".class");
            files += (int) own.stream().filter(f -> !f.endsWith("module-info.class")).count();
        }
        assertEquals(files, LIBRARY.size());
        assertTrue(LIBRARY.size() >= 150, "only " + LIBRARY.size() + " classes were seen");
        assertTrue(ALL.size() > LIBRARY.size() && TESTS.size() >= 10);
        for (String module : List.of("tensor", "autograd", "nn", "optim", "io", "images", "zoo")) {
            assertTrue(LIBRARY.stream().anyMatch(c -> c.getPackageName().equals(ROOT + module)), module);
        }
    }

    @Test
    void nothing_uses_the_default_locale() {
        JavaClasses own = ALL.that(resideOutsideOfPackages("..jmh_generated.."));
        assertTrue(own.size() >= 500, "only " + own.size() + " classes were seen");
        noClasses().should().accessTargetWhere(describe("it takes the default locale", LocaleRulesTest::takesTheDefault)).check(own);
        noClasses().should().dependOnClassesThat().belongToAnyOf(Scanner.class).check(own);
    }

    @Test
    void only_the_simd_package_names_the_vector_module() {
        noClasses().that().resideOutsideOfPackage("..kernel.simd..").should().dependOnClassesThat()
                .resideInAPackage("jdk.incubator..").check(ALL);
        assertTrue(ALL.stream().anyMatch(ClassRulesTest::namesVectors), "nobody names it: the rule above sees nothing");
    }

    private static boolean namesVectors(JavaClass c) {
        return c.getDirectDependenciesFromSelf().stream().anyMatch(d -> d.getTargetClass().getPackageName().startsWith("jdk.incubator"));
    }

    /// The compiler inlines methods of ours only while it sees fit, depending on what it compiled before; the vector that is passed to one
    /// that is not inlined becomes an object, and its loop ten times slower for the rest of the run.
    @Test
    void no_method_takes_or_returns_a_vector() {
        DescribedPredicate<JavaClass> vector = describe("a vector, mask or shuffle", c -> c.getBaseComponentType().getPackageName()
                .equals("jdk.incubator.vector") && !c.getSimpleName().equals("VectorSpecies"));
        noMethods().should().haveRawReturnType(vector).check(ALL);
        noMethods().should().haveRawParameterTypes(describe("a vector", types -> types.stream().anyMatch(vector))).check(ALL);
    }

    /// Methods of the Vector API are inlined by the classes they were called on before, anywhere: where vectors of floats have two widths, the
    /// compiler does not know which it has, and makes objects of them.
    @Test
    void vectors_have_one_width() {
        noClasses().should().accessFieldWhere(describe("its target is a width that is not the preferred one",
                access -> access.getTargetOwner().getPackageName().equals("jdk.incubator.vector")
                        && access.getTarget().getName().startsWith("SPECIES_")
                        && !access.getTarget().getName().equals("SPECIES_PREFERRED")))
                .check(ALL);
    }

    /// The scalar twin defines the functions of one number, so the SIMD twin may name it. JMH benchmarks of kernels check them first.
    @Test
    void only_the_choice_of_kernels_names_the_twins() {
        noClasses().that().resideOutsideOfPackages("..kernel.scalar..", "..kernel.simd..", ROOT + "bench").and()
                .doNotBelongToAnyOf(KernelChoice.class).should().dependOnClassesThat()
                .resideInAnyPackage("..kernel.scalar..", "..kernel.simd..").check(ALL);
        noClasses().that().resideInAPackage("..kernel.scalar..").should().dependOnClassesThat().resideInAPackage("..kernel.simd..")
                .check(ALL);
        noClasses().that().resideInAnyPackage("..tensor.kernel", "..kernel.scalar..", "..kernel.simd..").should().dependOnClassesThat()
                .resideInAPackage("..kernel.choice..").check(ALL);
    }

    @Test
    void kernels_are_used_by_tensors_and_those_who_check_and_time_them_only() {
        noClasses().that().resideOutsideOfPackages(ROOT + "tensor..", ROOT + "testkit..", ROOT + "bench")
                .should().dependOnClassesThat().resideInAPackage("dev.headstart.tensor.kernel..").check(ALL);
    }

    @Test
    void bench_is_used_by_its_command_alone() {
        noClasses().that().resideOutsideOfPackage(ROOT + "bench..").and().doNotHaveFullyQualifiedName(ROOT + "cli.BenchCommand")
                .should().dependOnClassesThat().resideInAPackage(ROOT + "bench..").check(ALL);
    }

    @Test
    void libraries_need_java_base_and_each_other_in_one_direction() {
        MAY_USE.forEach((module, others) -> {
            DescribedPredicate<JavaClass> allowed = from("java.base").or(resideInAPackage(ROOT + module + ".."))
                    .or(resideInAnyPackage("org.jspecify.annotations", "jdk.incubator.vector"));
            if (module.equals("images")) { // what that room is for
                allowed = allowed.or(from("java.desktop"));
            }
            for (String other : others) {
                allowed = allowed.or(resideInAPackage(ROOT + other + ".."));
            }
            classes().that().resideInAPackage(ROOT + module + "..").should().onlyDependOnClassesThat(allowed)
                    .allowEmptyShould(true).check(LIBRARY);
        });
        assertEquals(Set.copyOf(Project.LIBRARIES), MAY_USE.keySet());
    }

    private static DescribedPredicate<JavaClass> from(String module) {
        Set<String> packages = ModuleLayer.boot().findModule(module).orElseThrow().getDescriptor().exports().stream()
                .filter(e -> !e.isQualified()).map(Exports::source).collect(Collectors.toSet());
        return describe("are of " + module, c -> packages.contains(c.getBaseComponentType().getPackageName())
                || c.getBaseComponentType().isPrimitive());
    }

    @Test
    void libraries_neither_reflect_nor_reach_into_the_jdk_nor_call_native_code() {
        // A law of the test tools looks at the components of records that users write.
        noClasses().that().resideOutsideOfPackage(ROOT + "testkit..").should().dependOnClassesThat().resideInAPackage("java.lang.reflect")
                .check(LIBRARY);
        noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "com.sun..", "jdk.internal..").check(LIBRARY);
        noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.lang.foreign.Linker").check(LIBRARY);
        noMethods().should().haveModifier(JavaModifier.NATIVE).check(LIBRARY);
        noClasses().should().callMethod(System.class, "loadLibrary", String.class)
                .orShould().callMethod(System.class, "load", String.class).check(LIBRARY);
    }

    /// Failures of files are injected, and named, in one place.
    @Test
    void io_touches_files_in_one_package() {
        Class<?>[] waysToFiles = {Files.class, FileChannel.class, AsynchronousFileChannel.class, FileInputStream.class,
            FileOutputStream.class,
            RandomAccessFile.class, FileReader.class, FileWriter.class, ZipFile.class};
        DescribedPredicate<JavaClass> io = resideInAPackage(ROOT + "io..");
        noClasses().that(io).and().resideOutsideOfPackage(ROOT + "io.file").should().dependOnClassesThat().belongToAnyOf(waysToFiles)
                .check(LIBRARY);
        assertTrue(LIBRARY.stream().filter(io).count() >= 100, "the rule above sees too little");
        classes().that().haveFullyQualifiedName(ROOT + "io.file.RealDisk").should().dependOnClassesThat().belongToAnyOf(waysToFiles)
                .check(LIBRARY);
    }

    /// A format of weight files is a package of its own: it knows what formats share, not the others, and not the list they are in.
    @Test
    void formats_of_weights_know_no_other_and_not_their_list() {
        Set<String> formats = LIBRARY.stream().filter(c -> !c.isInterface())
                .filter(c -> c.isAssignableTo(ROOT + "io.format.WeightFormat") || c.isAssignableTo(ROOT + "io.zip.ArchiveFormat"))
                .map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertTrue(formats.size() >= 4, "only " + formats + " were seen");
        for (String format : formats) {
            String[] others = Stream.concat(Stream.of(ROOT + "io"), formats.stream().filter(f -> !f.equals(format))).toArray(String[]::new);
            noClasses().that().resideInAPackage(format).should().dependOnClassesThat().resideInAnyPackage(others).check(LIBRARY);
        }
        String[] above = Stream.concat(Stream.of(ROOT + "io"), formats.stream()).toArray(String[]::new);
        noClasses().that()
                .resideInAnyPackage(ROOT + "io.file", ROOT + "io.weights", ROOT + "io.format", ROOT + "io.zip", ROOT + "io.json..")
                .should().dependOnClassesThat().resideInAnyPackage(above).check(LIBRARY);
    }

    @Test
    void libraries_have_no_static_state() {
        fields().that().areStatic().should().beFinal().check(LIBRARY);
        for (Class<?> box : List.of(AtomicInteger.class, AtomicLong.class, AtomicBoolean.class, AtomicReference.class)) {
            noFields().that().areStatic().should().haveRawType(box).check(LIBRARY);
        }
        noFields().that().areStatic().should().haveRawType(ThreadLocal.class).check(LIBRARY);
        fields().that().haveRawType(ThreadLocal.class).should()
                .beDeclaredIn("dev.headstart.tensor.kernel.ThreadArrays") // arrays whose contents never count
                .check(LIBRARY);
    }

    @Test
    void libraries_print_nothing_and_end_no_process() {
        noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err").check(LIBRARY);
        noClasses().should().callMethod(System.class, "exit", int.class).check(LIBRARY);
    }

    @Test
    void nobody_sleeps() {
        for (JavaClasses some : List.of(ALL, TESTS)) {
            noClasses().should().callMethod(Thread.class, "sleep", long.class)
                    .orShould().callMethod(Thread.class, "sleep", Duration.class)
                    .check(some);
        }
    }

    @Test
    void no_test_is_switched_off() {
        noClasses().should().beAnnotatedWith(Disabled.class).orShould().beAnnotatedWith(net.jqwik.api.Disabled.class).check(TESTS);
        noMethods().should().beAnnotatedWith(Disabled.class).orShould().beAnnotatedWith(net.jqwik.api.Disabled.class).check(TESTS);
    }
}
