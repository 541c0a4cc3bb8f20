package dev.headstart.task.demo;

import dev.headstart.io.text.CharVocabulary;
import dev.headstart.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The corpus as numbers, cut into what each phase of the demo may see.
///
/// A third of the languages written in Latin script, chosen by the seed, are *new*: their labels are seen in fine-tuning only, and their test
/// texts are in no other part, not even among the unlabelled ones. Nor is a test text there in other guise: what any language says with
/// the same letters but for case, accents and punctuation ([Folded#letters]), and what the same language says in another form
/// ([Folded#formOf]), is left out of every part. Of the old languages a small part is held out to measure language identification.
final class DemoData {
    private static final int TEST_PER_LANGUAGE = 30;
    private static final int HELD_PER_LANGUAGE = 8;

    private final CharVocabulary vocabulary;
    private final List<String> oldLanguages;
    private final List<String> newLanguages;
    private final List<int[]> unlabelled;
    private final Labelled old;
    private final Labelled held;
    private final Labelled test;
    private final List<List<int[]>> pools;
    private final RandomStream random;
    private final Map<String, String> facts;

    /// Texts with labels.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Labelled(List<int[]> texts, int[] labels) {}

    private static final class Collector {
        private final List<int[]> texts = new ArrayList<>();
        private final List<Integer> labels = new ArrayList<>();

        void add(int[] text, int label) {
            texts.add(text);
            labels.add(label);
        }

        Labelled labelled() {
            return new Labelled(List.copyOf(texts), labels.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    private DemoData(LocaleCorpus corpus, DemoSettings settings, long seed) {
        this.random = RandomStream.of(seed).child("data");
        List<String> latin = corpus.languages().stream().filter(l -> corpus.script(l) == Character.UnicodeScript.LATIN).toList();
        int[] order = random.child("new languages").permutation(latin.size());
        this.newLanguages = Arrays.stream(order).limit(latin.size() / 3).mapToObj(latin::get).sorted().toList();
        this.oldLanguages = corpus.languages().stream().filter(l -> !newLanguages.contains(l)).toList();

        Map<String, List<String>> shuffled = new LinkedHashMap<>();
        for (String language : corpus.languages()) {
            List<String> own = List.copyOf(corpus.own(language));
            shuffled.put(language, Arrays.stream(random.child(language).permutation(own.size())).mapToObj(own::get).toList());
        }
        Map<String, List<String>> tests = new LinkedHashMap<>();
        newLanguages.forEach(l -> tests.put(l, shuffled.getOrDefault(l, List.of()).subList(0, TEST_PER_LANGUAGE)));
        int most = settings.maxLength();
        Set<String> hidden = hidden(corpus, tests, most);
        shuffled.replaceAll((language, texts) -> texts.stream().filter(t -> !hidden.contains(cut(t, most))).toList());

        Set<String> seen = new TreeSet<>();
        corpus.languages().forEach(l -> seen.addAll(corpus.texts(l)));
        seen.removeIf(t -> hidden.contains(cut(t, most)));
        this.vocabulary = CharVocabulary.of(seen, settings.vocabulary());
        this.unlabelled = seen.stream().map(t -> vocabulary.encode(t, most)).toList();

        Collector oldTexts = new Collector();
        Collector heldTexts = new Collector();
        for (int label = 0; label < oldLanguages.size(); label++) {
            List<String> texts = shuffled.getOrDefault(oldLanguages.get(label), List.of());
            for (int i = 0; i < texts.size(); i++) {
                (i < HELD_PER_LANGUAGE ? heldTexts : oldTexts).add(vocabulary.encode(texts.get(i), most), label);
            }
        }
        this.old = oldTexts.labelled();
        this.held = heldTexts.labelled();

        Collector test = new Collector();
        this.pools = new ArrayList<>();
        for (int label = 0; label < newLanguages.size(); label++) {
            String language = newLanguages.get(label);
            for (String text : tests.getOrDefault(language, List.of())) {
                test.add(vocabulary.encode(text, most), label);
            }
            pools.add(shuffled.getOrDefault(language, List.of()).stream().map(t -> vocabulary.encode(t, most)).toList());
        }
        this.test = test.labelled();
        this.facts = facts(corpus, latin.size());
    }

    /// The data of a seed.
    static DemoData of(LocaleCorpus corpus, DemoSettings settings, long seed) {
        return new DemoData(corpus, settings, seed);
    }

    /// The test texts and their other guises. Only what the encoder sees of a text counts, its first `most` characters.
    private static Set<String> hidden(LocaleCorpus corpus, Map<String, List<String>> tests, int most) {
        Map<String, List<Folded>> forms = new LinkedHashMap<>();
        tests.forEach((language, texts) -> forms.put(language, texts.stream().map(t -> Folded.of(cut(t, most))).toList()));
        Set<String> letters = forms.values().stream().flatMap(List::stream).map(Folded::letters).collect(Collectors.toSet());
        Set<String> hidden = new HashSet<>();
        for (String language : corpus.languages()) {
            for (String text : corpus.texts(language)) {
                String seen = cut(text, most);
                Folded folded = Folded.of(seen);
                if (letters.contains(folded.letters()) || forms.getOrDefault(language, List.of()).stream().anyMatch(folded::formOf)) {
                    hidden.add(seen);
                }
            }
        }
        return hidden;
    }

    private static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most ? text : text.substring(0, text.offsetByCodePoints(0, most));
    }

    private Map<String, String> facts(LocaleCorpus corpus, int latin) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("source", "locale data of JDK " + Runtime.version());
        facts.put("languages", corpus.languages().size() + ", of which " + latin + " in Latin script");
        facts.put("texts of one language only", String.valueOf(corpus.size()));
        facts.put("different characters", String.valueOf(corpus.characters()));
        facts.put("unlabelled texts", String.valueOf(unlabelled.size()));
        facts.put("labelled texts of old languages", String.valueOf(old.labels.length));
        facts.put("new languages", newLanguages.size() + ": " + String.join(", ", newLanguages));
        facts.put("test texts of new languages", String.valueOf(test.labels.length));
        facts.put("sha-256 of the corpus", corpus.sha256());
        return facts;
    }

    CharVocabulary vocabulary() {
        return vocabulary;
    }

    List<String> oldLanguages() {
        return oldLanguages;
    }

    List<String> newLanguages() {
        return newLanguages;
    }

    /// All texts but the test's in any guise, without labels.
    List<int[]> unlabelled() {
        return unlabelled;
    }

    /// Texts of old languages, with labels.
    Labelled old() {
        return old;
    }

    /// Texts of old languages that are held out.
    Labelled held() {
        return held;
    }

    /// Test texts of the new languages.
    Labelled test() {
        return test;
    }

    /// A few texts of each new language with labels, for one run. The two of a run are among its five, and so on.
    Labelled few(int perLanguage, int run) {
        Collector few = new Collector();
        for (int label = 0; label < pools.size(); label++) {
            List<int[]> pool = pools.get(label);
            int[] order = random.child("few").child(run).child(label).permutation(pool.size());
            for (int i = 0; i < perLanguage; i++) {
                few.add(pool.get(order[i]), label);
            }
        }
        return few.labelled();
    }

    /// What the data is, for the report.
    Map<String, String> facts() {
        return facts;
    }
}
