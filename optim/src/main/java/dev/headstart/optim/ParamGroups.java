package dev.headstart.optim;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/// The parameters of a model as groups, one for each level from the input to the output: what fine-tuning recipes speak about. Immutable.
///
/// ```java
/// ParamGroups groups = ParamGroups.byDepth(model.parameters(), "classifier.**")
///         .rate(2e-5).rateDecay(0.9)                       // each level 0.9 of the rate of the one above
///         .decay(0.01).withoutDecay("**.{bias,LayerNorm.weight}")
///         .tuned(new FineTuning.Gradual(100));             // one level more every 100 steps
/// var optimizer = Adam.adamW(groups.list(), Schedule.slantedTriangular(1000, 0.1, 32), 1);
/// ```
public final class ParamGroups {
    private final List<ParamGroup> levels;
    private final List<Pattern> decayless;

    private ParamGroups(List<ParamGroup> levels, List<Pattern> decayless) {
        this.levels = List.copyOf(levels);
        this.decayless = List.copyOf(decayless);
    }

    /// One level for each pattern (as in [Parameters#select]), from the input to the output.
    ///
    /// @throws IllegalArgumentException when a pattern matches nothing, two match the same parameter, or a parameter is matched by none
    public static ParamGroups of(Parameters all, String... patterns) {
        Map<String, String> taken = new LinkedHashMap<>();
        List<ParamGroup> levels = new ArrayList<>();
        for (String pattern : patterns) {
            Parameters level = all.select(pattern);
            for (String name : level.byName().keySet()) {
                String other = taken.put(name, pattern);
                if (other != null) {
                    throw new IllegalArgumentException("param groups: " + name + " is matched by '" + other + "' and by '" + pattern
                            + "': groups must not overlap");
                }
            }
            levels.add(ParamGroup.of(level));
        }
        for (String name : all.byName().keySet()) {
            if (!taken.containsKey(name)) {
                throw new IllegalArgumentException("param groups: " + name + " is matched by no pattern: it would never learn");
            }
        }
        return new ParamGroups(levels, List.of());
    }

    /// Levels told from names, which are in order from the input to the output: parameters whose names agree up to their first number
    /// (`encoder.layer.3`, `layer2.0`) are a level, and so are those without a number that stand together.
    public static ParamGroups byDepth(Parameters all) {
        Map<String, Map<String, Parameter>> levels = new LinkedHashMap<>();
        String[] numbered = {""};
        all.byName().forEach((name, parameter) -> {
            String level = throughNumber(name);
            numbered[0] = level.isEmpty() ? numbered[0] : level;
            String key = level.isEmpty() ? "after " + numbered[0] : level;
            levels.computeIfAbsent(key, k -> new LinkedHashMap<>()).put(name, parameter);
        });
        return new ParamGroups(levels.values().stream().map(level -> ParamGroup.of(Parameters.of(level))).toList(), List.of());
    }

    /// [#byDepth(Parameters)] of what is below the head, and the head as the last level.
    ///
    /// @param head pattern of the head's parameters
    public static ParamGroups byDepth(Parameters all, String head) {
        List<ParamGroup> levels = new ArrayList<>();
        if (all.select(head).size() < all.size()) {
            levels.addAll(byDepth(all.without(head)).levels);
        }
        levels.add(ParamGroup.of(all.select(head)));
        return new ParamGroups(levels, List.of());
    }

    /// `encoder.layer.3.output.dense.weight → encoder.layer.3`; empty when no segment is a number.
    private static String throughNumber(String name) {
        String[] segments = name.split("\\.", -1);
        StringBuilder prefix = new StringBuilder();
        for (String segment : segments) {
            prefix.append(prefix.isEmpty() ? "" : ".").append(segment);
            if (segment.chars().allMatch(Character::isDigit)) {
                return prefix.toString();
            }
        }
        return "";
    }

    /// Number of levels.
    public int size() {
        return levels.size();
    }

    /// One level with one rate, from the input (0) to the output.
    public ParamGroup level(int index) {
        return levels.get(index);
    }

    /// All levels with this learning rate.
    public ParamGroups rate(double rate) {
        return each(depth -> at(depth).rate(rate));
    }

    /// Each level with `factor` times the rate of the one above; the head's stays. Layer-wise decay has factors from 0.65 to 0.95 (Clark et
    /// al. 2020, arXiv 2003.10555; Bao et al. 2022, arXiv 2106.08254), discriminative fine-tuning 1/2.6 (Howard and Ruder 2018, arXiv
    /// 1801.06146, section 3.1).
    public ParamGroups rateDecay(double factor) {
        if (!(factor > 0)) {
            throw new IllegalArgumentException("param groups: rates fall by " + factor + " from level to level: it must be positive");
        }
        double top = levels.getLast().rate();
        return each(depth -> at(depth).rate(top * StrictMath.pow(factor, depth)));
    }

    /// All levels with this weight decay.
    public ParamGroups decay(double decay) {
        return each(depth -> at(depth).decay(decay));
    }

    /// No decay for what matches this pattern: commonly biases and the weights of normalisation.
    ///
    /// @throws IllegalArgumentException when it matches nothing
    public ParamGroups withoutDecay(String pattern) {
        all().select(pattern);
        List<Pattern> more = new ArrayList<>(decayless);
        more.add(Parameters.pattern(pattern));
        return new ParamGroups(levels, more);
    }

    /// Which levels learn, and from when on. What is to learn later, or not at all, is frozen now, and the rest trainable.
    public ParamGroups tuned(FineTuning how) {
        ParamGroups tuned = each(depth -> at(depth).from(how.from(depth)));
        tuned.levels.forEach(level -> {
            if (level.from() == 0) {
                level.unfreeze();
            } else {
                level.freeze();
            }
        });
        return tuned;
    }

    /// All parameters.
    public Parameters all() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        levels.forEach(level -> all.putAll(level.parameters().byName()));
        return Parameters.of(all);
    }

    /// The groups for an optimiser. A level of which only a part decays is two groups.
    public List<ParamGroup> list() {
        List<ParamGroup> list = new ArrayList<>();
        for (ParamGroup level : levels) {
            Map<String, Parameter> decaying = new LinkedHashMap<>(level.parameters().byName());
            Map<String, Parameter> others = new LinkedHashMap<>(decaying);
            decaying.keySet().removeIf(name -> decayless.stream().anyMatch(pattern -> pattern.matcher(name).matches()));
            others.keySet().removeAll(decaying.keySet());
            if (!decaying.isEmpty()) {
                list.add(level.with(Parameters.of(decaying)));
            }
            if (!others.isEmpty()) {
                list.add(level.with(Parameters.of(others)).decay(0));
            }
        }
        return List.copyOf(list);
    }

    private ParamGroup at(int depth) {
        return levels.get(levels.size() - 1 - depth);
    }

    private ParamGroups each(IntFunction<ParamGroup> atDepth) {
        List<ParamGroup> changed = new ArrayList<>();
        for (int depth = levels.size() - 1; depth >= 0; depth--) {
            changed.add(atDepth.apply(depth));
        }
        return new ParamGroups(changed, decayless);
    }

    /// A line for each level: its first parameter, how many numbers it has, rate, decay, and from when it learns.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (ParamGroup level : levels) {
            String from = level.from() == ParamGroup.NEVER ? "frozen" : level.from() == 0 ? "learns" : "learns from step " + level.from();
            text.append(String.format(Locale.ROOT, "%s … (%,d numbers): rate %.3g, decay %.3g, %s%n",
                    level.parameters().byName().keySet().iterator().next(),
                    level.parameters().count(), level.rate(), level.decay(), from));
        }
        return text.toString();
    }
}
