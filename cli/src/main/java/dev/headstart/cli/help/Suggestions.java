package dev.headstart.cli.help;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// What a word that is no option was meant to be.
public final class Suggestions {
    /// What other programs call options, without dashes.
    private static final Map<String, List<String>> ELSEWHERE = Map.ofEntries(Map.entry("lr", List.of("rate")),
            Map.entry("learning-rate", List.of("rate")), Map.entry("head-lr", List.of("head-rate")), Map.entry("bs", List.of("batch")),
            Map.entry("model", List.of("from")), Map.entry("model-name-or-path", List.of("from")), Map.entry("weights", List.of("from")),
            Map.entry("checkpoint", List.of("from", "resume")), Map.entry("pretrained", List.of("from")),
            Map.entry("resume-from-checkpoint", List.of("resume")), Map.entry("train-file", List.of("csv", "data")),
            Map.entry("train", List.of("data", "csv")), Map.entry("dataset", List.of("data", "csv")), Map.entry("input", List.of("data")),
            Map.entry("images", List.of("data")), Map.entry("test-file", List.of("test", "validation-csv")),
            Map.entry("eval", List.of("test", "validation")), Map.entry("val", List.of("validation")),
            Map.entry("output", List.of("out")), Map.entry("output-dir", List.of("out")), Map.entry("save", List.of("out")),
            Map.entry("max-seq-length", List.of("max-length")), Map.entry("workers", List.of("threads")),
            Map.entry("jobs", List.of("threads")), Map.entry("cpu", List.of("threads")), Map.entry("target", List.of("label-column")),
            Map.entry("label", List.of("label-column")), Map.entry("text-field", List.of("text-column")),
            Map.entry("early-stopping", List.of("patience")), Map.entry("image-size", List.of("resize")),
            Map.entry("size", List.of("resize")), Map.entry("freeze-backbone", List.of("head-only")),
            Map.entry("linear-probe", List.of("head-only")), Map.entry("verbose", List.of("debug")));

    private Suggestions() {}

    /// The first argument that looks like an option and is none of a command.
    public static Optional<String> unknown(CommandSpec command, List<String> arguments) {
        return arguments.stream().takeWhile(argument -> !argument.equals("--")).filter(argument -> argument.matches("--[A-Za-z].*"))
                .map(argument -> argument.replaceFirst("=.*", "")).filter(name -> command.findOption(name) == null).findFirst();
    }

    /// The option of a command that a word is nearest to: by what other programs call it, by a part of its name, by a few letters.
    public static Optional<String> of(CommandSpec command, String word) {
        String bare = word.replaceFirst("^-+", "").replaceFirst("=.*", "").replace('_', '-').toLowerCase(Locale.ROOT);
        List<String> names = command.options().stream().filter(option -> !option.hidden()).map(OptionGroups::name)
                .filter(name -> name.startsWith("--")).map(name -> name.substring(2)).toList();
        return ELSEWHERE.getOrDefault(bare, List.of()).stream().filter(names::contains).findFirst()
                .or(() -> names.stream().filter(name -> distance(name, bare) <= Math.max(1, name.length() / 3))
                        .min(Comparator.comparingInt(name -> distance(name, bare))))
                .or(() -> names.stream().filter(name -> Arrays.asList(bare.split("-")).contains(name)).findFirst())
                .or(() -> names.stream().filter(name -> bare.length() >= 3 && Arrays.asList(name.split("-")).contains(bare)).findFirst())
                .map(name -> "--" + name);
    }

    /// Letters that are added, removed, exchanged or swapped with their neighbour (optimal string alignment).
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
