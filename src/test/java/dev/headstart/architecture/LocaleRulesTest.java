package dev.headstart.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.optim.ParamGroups;
import dev.headstart.task.report.Axis;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.LineChart;
import dev.headstart.task.report.LineChart.Point;
import dev.headstart.task.report.LineChart.Series;
import dev.headstart.task.report.Table;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.measure.Plan;
import dev.headstart.zoo.text.TransformerSizes;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Numbers and dates print alike in every locale: nothing asks for the default one.
class LocaleRulesTest {
    private static final String LOCALE = Locale.class.getName();

    @Test
    void the_rule_knows_what_takes_the_default_locale() {
        JavaClass offender = new ClassFileImporter().importClass(Offender.class);
        List<String> found = offender.getAccessesFromSelf().stream().filter(LocaleRulesTest::takesTheDefault)
                .map(access -> access.getTarget().getName()).sorted().toList();
        assertEquals(List.of("format", "formatted", "getDefault", "toLowerCase", "toUpperCase"), found);
    }

    /// As someone would write them without a thought.
    @SuppressWarnings("StringCaseLocaleUsage") // that is what it is for
    static final class Offender {
        static String all(String text) {
            Supplier<String> upper = text::toUpperCase;
            return String.format("%.1f", 0.5) + "%,d".formatted(1000) + text.toLowerCase() + upper.get() + Locale.getDefault();
        }
    }

    /// Whether a call asks for the default locale; [ClassRulesTest] lets nobody do it.
    static boolean takesTheDefault(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        if (!owner.startsWith("java.") || !(access.getTarget() instanceof CodeUnitAccessTarget target)) {
            return false;
        }
        List<String> parameters = target.getRawParameterTypes().stream().map(JavaClass::getName).toList();
        return (owner.equals("java.lang.String") && target.getName().equals("formatted"))
                || (owner.equals(LOCALE) && target.getName().equals("getDefault"))
                || takes(owner, target.getName(), Stream.concat(Stream.of(LOCALE), parameters.stream()).toList())
                || takes(owner, target.getName(), Stream.concat(parameters.stream(), Stream.of(LOCALE)).toList());
    }

    /// Whether the class has a method or constructor of this name with these parameters.
    private static boolean takes(String owner, String name, List<String> parameters) {
        Class<?> type;
        try {
            type = Class.forName(owner);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
        Executable[] all = name.equals("<init>") ? type.getConstructors() : type.getMethods();
        return Arrays.stream(all).filter(each -> name.equals("<init>") || each.getName().equals(name))
                .anyMatch(each -> Arrays.stream(each.getParameterTypes()).map(Class::getName).toList().equals(parameters));
    }

    /// Germany writes a comma for the point, and Egypt has digits of its own.
    @Test
    void what_is_printed_is_the_same_in_every_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.ROOT);
            String expected = printed();
            assertTrue(expected.contains("12,345") && expected.contains("0.5"), expected);
            for (Locale locale : List.of(Locale.GERMANY, Locale.forLanguageTag("ar-EG-u-nu-arab"))) {
                Locale.setDefault(locale);
                assertEquals(expected, printed());
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    private static String printed() {
        LineChart chart = new LineChart("loss", Axis.linear("steps", ""), Axis.percent("share"),
                List.of(new Series("training", List.of(new Point(1, 0.5), new Point(12_345, 0.25)))));
        String report = new HtmlReport("report").charts(chart)
                .table(new Table("figures").left("of").right("value").row("steps", 12_345).row("loss", 0.5))
                .settings("settings", Map.of("rate", 0.5)).html();
        TransferReport transfer = new TransferReport(
                List.of(new TransferReport.Loaded("weight", "weight", Shape.of(12_345))), List.of(), List.of(), List.of());
        Parameters parameters = Parameters.of(Map.of("weight", Parameter.of(Tensor.zeros(Shape.of(12_345)))));
        return String.join("\n", report, transfer.summary(), ParamGroups.of(parameters, "weight").rate(0.5).toString(),
                new TransformerSizes(12_345, 5, 4, 2, 2, 8).words(true),
                new Plan(12_345, 12_345, 50_000, 50_000, 100_000, 1_000_000, 0.5, 12_345).toString());
    }
}
