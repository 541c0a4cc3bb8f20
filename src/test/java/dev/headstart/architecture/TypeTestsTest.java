package dev.headstart.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.task.goal.Goal;
import dev.headstart.task.model.Capabilities;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.text.bert.BertNetwork;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import dev.headstart.zoo.vision.ResNet;
import dev.headstart.zoo.vision.Vgg;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a network or a task can do is matched in [Capabilities]. Nowhere else in `task` and `cli` does code depend on the type of one:
/// by `instanceof`, by a pattern of a `switch`, by a class object.
///
/// Three kinds of type tests are allowed: which exception it is; which case of a sealed type, in that type's own package, where the cases
/// are known; and a type that is declared inside the class itself, or around it.
class TypeTestsTest {
    private static final String ROOT = "dev.headstart.";
    private static final String UNKNOWN = "any type";

    /// A type test in a class.
    ///
    /// @param of the name of the type; [#UNKNOWN] where it is not written
    private record TypeTest(String in, String of) {}

    @Test
    void types_of_networks_and_tasks_are_asked_for_in_one_place() throws IOException, ClassNotFoundException {
        List<Path> files = Stream.of("task", "cli").flatMap(module -> Project.files(Project.classes(module), ".class").stream()).toList();
        assertTrue(files.size() >= 200, "only " + files.size() + " classes were seen");
        List<TypeTest> found = new ArrayList<>();
        for (Path file : files) {
            found.addAll(typeTests(ClassFile.of().parse(file)));
        }
        assertTrue(found.size() >= 40, "only " + found.size() + " type tests were seen");
        assertTrue(found.contains(new TypeTest(Capabilities.class.getName(), BertNetwork.class.getName())));
        List<String> wrong = new ArrayList<>();
        for (TypeTest each : found) {
            if (!each.in.equals(Capabilities.class.getName()) && !isAllowed(each)) {
                wrong.add(each.in + " asks for " + each.of);
            }
        }
        assertEquals("", wrong.stream().distinct().collect(Collectors.joining("\n")));
    }

    private static boolean isAllowed(TypeTest test) throws ClassNotFoundException {
        if (test.of.equals(UNKNOWN)) {
            return false;
        }
        if (!test.of.startsWith(ROOT + "zoo.") && !test.of.startsWith(ROOT + "task.")) {
            return true;
        }
        Class<?> type = load(test.of);
        Class<?> in = load(test.in);
        return Throwable.class.isAssignableFrom(type) || type.isNestmateOf(in)
                || (type.getPackage().equals(in.getPackage()) && isCase(type));
    }

    private static Class<?> load(String name) throws ClassNotFoundException {
        return Class.forName(name, false, TypeTestsTest.class.getClassLoader());
    }

    /// Whether this is a sealed type or a case of one.
    private static boolean isCase(Class<?> type) {
        return type.isSealed() || Stream.concat(Stream.of(type.getInterfaces()), Stream.ofNullable(type.getSuperclass()))
                .anyMatch(TypeTestsTest::isCase);
    }

    private static List<TypeTest> typeTests(ClassModel model) {
        String in = model.thisClass().asInternalName().replace('/', '.');
        return model.methods().stream().flatMap(method -> method.code().stream()).flatMap(code -> types(code).stream())
                .map(of -> new TypeTest(in, of)).toList();
    }

    /// The types that a method's instructions ask for.
    private static List<String> types(CodeModel code) {
        List<String> types = new ArrayList<>();
        String constant = UNKNOWN; // the class that was loaded last: in `Dog.class.isInstance(x)` it is the one that is asked
        for (CodeElement element : code) {
            switch (element) {
                case TypeCheckInstruction check when check.opcode() == Opcode.INSTANCEOF -> types.add(name(check.type().asSymbol()));
                case ConstantInstruction loaded when loaded.constantValue() instanceof ClassDesc type -> constant = name(type);
                case InvokeInstruction call -> types.addAll(question(call.owner().asSymbol(), call.name().stringValue(), constant));
                case InvokeDynamicInstruction call when call.bootstrapMethod().methodName().equals("typeSwitch") ->
                        call.bootstrapArgs().stream().filter(ClassDesc.class::isInstance)
                                .forEach(label -> types.add(name((ClassDesc) label)));
                case InvokeDynamicInstruction call -> {
                    for (ConstantDesc argument : call.bootstrapArgs()) {
                        if (argument instanceof DirectMethodHandleDesc method) { // Dog.class::isInstance
                            types.addAll(question(method.owner(), method.methodName(), constant));
                        }
                    }
                }
                default -> {
                }
            }
        }
        return types;
    }

    /// The type that a call asks for, if it is such a question.
    private static List<String> question(ClassDesc owner, String method, String constant) {
        return switch (method) {
            case "getClass" -> List.of(owner.equals(ConstantDescs.CD_Object) ? UNKNOWN : name(owner));
            case "isInstance", "isAssignableFrom" -> owner.equals(ConstantDescs.CD_Class) ? List.of(constant) : List.of();
            default -> List.of();
        };
    }

    private static String name(ClassDesc type) {
        ClassDesc component = type;
        while (component.isArray()) {
            component = component.componentType();
        }
        return component.packageName() + "." + component.displayName();
    }

    /// What the rule must find: its class file is read, nothing is called.
    @SuppressWarnings("UnusedMethod")
    private static final class Forbidden {
        static boolean byInstanceof(Object network) {
            return network instanceof ResNet;
        }

        static String bySwitch(Object network) {
            return switch (network) {
                case Vgg vgg -> vgg.architecture();
                case Goal[] goals -> "" + goals.length;
                default -> "";
            };
        }

        static Class<?> byClass(Published network) {
            return network.getClass();
        }

        static boolean byConstant(Object network) {
            return BertNetwork.class.isInstance(network);
        }

        static Function<Object, Boolean> byReference() {
            return Gpt2LanguageModel.class::isInstance;
        }

        static boolean byArgument(Class<?> type, Object network) {
            return type.isInstance(network);
        }
    }

    @Test
    void the_rule_sees_every_way_of_asking() throws IOException, ClassNotFoundException {
        Path file = Project.root().resolve("src/test/target/test-classes")
                .resolve(Forbidden.class.getName().replace('.', '/') + ".class");
        List<TypeTest> found = typeTests(ClassFile.of().parse(file));
        assertEquals(List.of(ResNet.class.getName(), Vgg.class.getName(), Goal.class.getName(), Published.class.getName(),
                BertNetwork.class.getName(), Gpt2LanguageModel.class.getName(), UNKNOWN), found.stream().map(TypeTest::of).toList());
        for (TypeTest each : found) {
            assertFalse(isAllowed(each), each.toString());
        }
    }
}
