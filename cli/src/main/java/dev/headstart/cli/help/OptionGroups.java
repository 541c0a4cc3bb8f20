package dev.headstart.cli.help;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options of a command in groups, those that most runs need first.
public final class OptionGroups {
    private static final String COMMON = "Common options";
    private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put(COMMON,
                List.of("--from", "--data", "--csv", "--text", "--text-column", "--label-column", "--out", "--epochs", "--freeze",
                        "--objective", "--quick", "--only"));
        GROUPS.put("Data", List.of("--config", "--part", "--tokenizer", "--max-length", "--no-header", "--group", "--resize", "--labels",
                "--validation", "--test", "--validation-csv", "--validation-data", "--test-csv", "--test-limit", "--source-data",
                "--channels",
                "--old-data", "--limit", "--per-class", "--vocabulary", "--trim-vocabulary", "--length", "--prompt"));
        GROUPS.put("Changed images", List.of("--augment", "--shift", "--mirror", "--cutout", "--mixup"));
        GROUPS.put("The network", List.of("--width", "--blocks", "--heads", "--layers", "--code", "--clusters", "--patches", "--patch",
                "--rounds", "--persistent", "--tied", "--active", "--sparsity", "--noise", "--noise-level", "--whole-words", "--layer",
                "--first-token"));
        GROUPS.put("What is trained", List.of("--head-only", "--top", "--bias-only", "--lora", "--keep-head", "--random-weights",
                "--probe-first", "--probe-steps", "--gradual", "--gradual-every", "--modes", "--cache", "--no-cache"));
        GROUPS.put("How long, how fast", List.of("--steps", "--batch", "--accumulate", "--rate", "--head-rate", "--random-rate",
                "--rate-decay", "--schedule", "--patience", "--seeds", "--points", "--folds", "--find-rate", "--seconds"));
        GROUPS.put("Regularisation", List.of("--dropout", "--label-smoothing", "--l2sp", "--ema", "--wise-ft", "--ewc", "--rehearse",
                "--distill"));
        GROUPS.put("Words that are drawn", List.of("--tokens", "--temperature", "--top-k", "--top-p", "--repetition-penalty"));
        GROUPS.put("Output, and going on", List.of("--json", "--neighbours", "--results", "--memory", "--memory-of", "--peers",
                "--checkpoint-every", "--restart", "--resume", "--recipe"));
        GROUPS.put("Every command", List.of("--threads", "--kernels", "--seed", "--debug", "--help", "--version"));
    }

    private OptionGroups() {}

    /// The visible options of a command by the title of their group, in the order of the groups. Of few options there is one group besides
    /// those that every command has.
    public static Map<String, List<OptionSpec>> of(CommandSpec command) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        List<OptionSpec> visible = command.options().stream().filter(option -> !option.hidden()).toList();
        boolean few = visible.size() <= 16;
        GROUPS.forEach((title, names) -> {
            List<OptionSpec> found = new ArrayList<>();
            names.forEach(name -> visible.stream().filter(option -> OptionGroups.name(option).equals(name)).forEach(found::add));
            if (!found.isEmpty()) {
                boolean own = !title.equals("Every command");
                groups.computeIfAbsent(few && own ? "Options" : title, t -> new ArrayList<>()).addAll(found);
            }
        });
        return groups;
    }

    /// The name that help shows: the first that is written in full. Others are older ones, which still work.
    public static String name(OptionSpec option) {
        String[] names = option.names();
        for (String name : names) {
            if (name.startsWith("--")) {
                return name;
            }
        }
        return names[0];
    }
}
