package dev.headstart.task.demo;

import dev.headstart.io.Hashes;
import dev.headstart.tensor.Workers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// The texts in many languages that every JDK carries (Unicode's CLDR), as [LocaleStrings] finds them. The content depends on the JDK alone.
///
/// A *language* is a language in one script: `zh` (simplified Chinese) and `zh-Hant` are two. Only a text of its *own*, which no other language
/// says, tells which language it is. Relatives would take each other's texts, so not all stay:
///
/// 1. Of copies the one with most countries stays, else none had a text left: Haitian says here what French says, `no` what `nb` says, `az-Latn` what
///    `az` says.
/// 2. Then the language with the fewest own texts goes, and what it shared with one other becomes that one's own; so on until each has
///    [#FEWEST].
final class LocaleCorpus {
    /// The least number of texts of its own that a language needs.
    private static final int FEWEST = 300;
    /// A copy has at most one text in this number that its original does not have.
    private static final int COPY = 100;

    /// What each language says, also what others say too.
    private final SortedMap<String, SortedSet<String>> texts = new TreeMap<>();
    /// Of these, what no other language says.
    private final SortedMap<String, SortedSet<String>> own = new TreeMap<>();

    private LocaleCorpus(Map<String, Set<String>> languages) {
        Map<String, Integer> speakers = new HashMap<>();
        languages.values().forEach(said -> said.forEach(text -> speakers.merge(text, 1, Integer::sum)));
        languages.forEach((language, said) -> {
            texts.put(language, Collections.unmodifiableSortedSet(new TreeSet<>(said)));
            own.put(language, Collections.unmodifiableSortedSet(
                    said.stream().filter(text -> speakers.getOrDefault(text, 0) == 1).collect(Collectors.toCollection(TreeSet::new))));
        });
    }

    /// Collects the corpus of this JDK. Takes a few seconds of one thread.
    static LocaleCorpus collect(Workers workers) {
        List<Locale> locales = locales();
        LocaleStrings strings = new LocaleStrings();
        Map<Locale, Set<String>> found = new ConcurrentHashMap<>();
        workers.forEach(locales.size(), i -> found.put(locales.get(i), strings.of(locales.get(i))));
        SequencedMap<String, Set<String>> said = new LinkedHashMap<>();
        locales.forEach(locale -> said.put(locale.toLanguageTag(), found.getOrDefault(locale, Set.of())));
        return of(said, FEWEST);
    }

    /// The corpus of these languages.
    ///
    /// @param said what each says; of copies the first stays
    /// @param fewest own texts that each needs
    static LocaleCorpus of(SequencedMap<String, Set<String>> said, int fewest) {
        SortedMap<String, Set<String>> originals = new TreeMap<>();
        said.forEach((language, texts) -> {
            if (texts.size() >= fewest && originals.values().stream().noneMatch(original -> copies(texts, original))) {
                originals.put(language, texts);
            }
        });
        removePoorest(originals, fewest);
        return new LocaleCorpus(originals);
    }

    /// Locales of a language, or of a language and a script, but of no country; those of languages with most countries first.
    private static List<Locale> locales() {
        Map<String, Long> countries = Arrays.stream(Locale.getAvailableLocales())
                .collect(Collectors.groupingBy(Locale::getLanguage, Collectors.counting()));
        return Arrays.stream(Locale.getAvailableLocales())
                .filter(l -> !l.getLanguage().isEmpty() && l.getCountry().isEmpty() && l.getVariant().isEmpty() && !l.hasExtensions())
                .sorted(Comparator.<Locale>comparingLong(l -> -countries.getOrDefault(l.getLanguage(), 0L))
                        .thenComparing(Locale::toLanguageTag))
                .toList();
    }

    private static boolean copies(Set<String> texts, Set<String> original) {
        int most = texts.size() / COPY;
        return texts.stream().filter(text -> !original.contains(text)).limit(most + 1).count() <= most;
    }

    /// Removes the language with the fewest own texts (of equals, the first), until each has enough.
    private static void removePoorest(SortedMap<String, Set<String>> languages, int fewest) {
        Map<String, Set<String>> speakers = new HashMap<>();
        languages.forEach((language, said) -> said.forEach(text -> speakers.computeIfAbsent(text, t -> new HashSet<>()).add(language)));
        SortedMap<String, Integer> own = new TreeMap<>();
        languages.keySet().forEach(language -> own.put(language, 0));
        speakers.values().stream().filter(s -> s.size() == 1).forEach(s -> own.merge(s.iterator().next(), 1, Integer::sum));
        while (!own.isEmpty()) {
            Map.Entry<String, Integer> poorest = Collections.min(own.entrySet(), Map.Entry.comparingByValue());
            if (poorest.getValue() >= fewest) {
                return;
            }
            String gone = poorest.getKey();
            Set<String> left = languages.getOrDefault(gone, Set.of());
            own.remove(gone);
            languages.remove(gone);
            for (String text : left) {
                Set<String> others = speakers.getOrDefault(text, Set.of());
                others.remove(gone);
                if (others.size() == 1) {
                    own.merge(others.iterator().next(), 1, Integer::sum);
                }
            }
        }
    }

    /// Language tags, sorted: `zh`, `zh-Hant`.
    List<String> languages() {
        return List.copyOf(own.keySet());
    }

    /// What a language says, sorted.
    SortedSet<String> texts(String language) {
        return texts.getOrDefault(language, Collections.emptySortedSet());
    }

    /// What only this language says, sorted.
    SortedSet<String> own(String language) {
        return own.getOrDefault(language, Collections.emptySortedSet());
    }

    /// The script of most of a language's letters.
    Character.UnicodeScript script(String language) {
        Map<Character.UnicodeScript, Integer> letters = new EnumMap<>(Character.UnicodeScript.class);
        own(language).forEach(text -> text.codePoints().filter(Character::isLetter)
                .forEach(c -> letters.merge(Character.UnicodeScript.of(c), 1, Integer::sum)));
        return letters.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(Character.UnicodeScript.UNKNOWN);
    }

    /// Number of texts that only one language says.
    int size() {
        return own.values().stream().mapToInt(Set::size).sum();
    }

    /// Number of different characters.
    int characters() {
        return (int) texts.values().stream().flatMap(Set::stream).flatMapToInt(String::codePoints).distinct().count();
    }

    /// SHA-256 of all that is in it, in order.
    String sha256() {
        StringBuilder all = new StringBuilder();
        texts.forEach((language, said) -> all.append(language).append('\n').append(String.join("\n", said)).append('\n'));
        return Hashes.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
    }
}
