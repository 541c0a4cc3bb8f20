package dev.headstart.cli.demo;

import dev.headstart.io.Hashes;
import java.nio.charset.StandardCharsets;
import java.text.DateFormatSymbols;
import java.text.Normalizer;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The texts in many languages that every JDK carries (Unicode's CLDR): names of countries, languages, scripts, currencies, months, days,
/// quarters, eras. No time zones: they take ten times as long as all the rest.
///
/// What a language merely inherits from the root or from English is not its own and is left out; texts are trimmed and in Unicode's NFC. The
/// content depends on the JDK alone.
final class LocaleCorpus {
    /// A language needs so many texts of its own to be in the corpus.
    private static final int FEWEST = 250;

    /// What each language says, by language code, also what others say too.
    private final SortedMap<String, SortedSet<String>> texts;
    /// Of these, what no other language says: only they tell which language they are.
    private final SortedMap<String, SortedSet<String>> own;

    private LocaleCorpus(SortedMap<String, SortedSet<String>> texts, SortedMap<String, SortedSet<String>> own) {
        this.texts = texts;
        this.own = own;
    }

    /// Collects the corpus of this JDK. Takes a few seconds.
    static LocaleCorpus collect() {
        SortedMap<String, List<Locale>> locales = new TreeMap<>();
        for (Locale locale : Locale.getAvailableLocales()) {
            if (!locale.getLanguage().isEmpty() && locale.getCountry().isEmpty() && locale.getVariant().isEmpty()) {
                locales.computeIfAbsent(locale.getLanguage(), l -> new java.util.ArrayList<>()).add(locale);
            }
        }
        Names names = new Names();
        SortedMap<String, SortedSet<String>> all = new TreeMap<>();
        locales.entrySet().parallelStream().forEach(entry -> {
            SortedSet<String> said = new TreeSet<>();
            entry.getValue().forEach(locale -> names.add(locale, said));
            synchronized (all) {
                all.put(entry.getKey(), said);
            }
        });
        Map<String, Integer> speakers = new HashMap<>();
        all.values().forEach(said -> said.forEach(text -> speakers.merge(text, 1, Integer::sum)));
        SortedMap<String, SortedSet<String>> own = new TreeMap<>();
        all.forEach((language, said) -> {
            SortedSet<String> alone = new TreeSet<>(said);
            alone.removeIf(text -> speakers.getOrDefault(text, 0) > 1);
            if (alone.size() >= FEWEST) {
                own.put(language, alone);
            }
        });
        all.keySet().retainAll(own.keySet());
        return new LocaleCorpus(all, own);
    }

    /// Language codes, sorted.
    List<String> languages() {
        return List.copyOf(own.keySet());
    }

    /// What a language says, sorted.
    SortedSet<String> texts(String language) {
        return Collections.unmodifiableSortedSet(texts.getOrDefault(language, new TreeSet<>()));
    }

    /// What only this language says, sorted.
    SortedSet<String> own(String language) {
        return Collections.unmodifiableSortedSet(own.getOrDefault(language, new TreeSet<>()));
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

    /// The things that have names, and what they are called in English and by default.
    private static final class Names {
        /// The world and its parts: codes of the United Nations (M.49), and regions that Unicode adds.
        private static final String AREAS = "001 002 003 005 009 011 013 014 015 017 018 019 021 029 030 034 035 039 053 054 057 061 142 143 145 150 151 154 "
                + "155 202 419 AC CP DG EA EU EZ IC TA UN XA XB XK ZZ";
        /// Scripts, by their codes in ISO 15924.
        private static final String SCRIPTS = "Adlm Aghb Ahom Arab Aran Armi Armn Avst Bali Bamu Bass Batk Beng Bhks Bopo Brah Brai Bugi Buhd Cakm Cans Cari "
                + "Cham Cher Copt Cprt Cyrl Deva Dogr Dsrt Dupl Egyp Elba Elym Ethi Geor Glag Gong Gonm Goth Gran Grek Gujr Guru Hanb Hang Hani Hano Hans Hant "
                + "Hatr Hebr Hira Hluw Hmng Hmnp Hrkt Hung Ital Jamo Java Jpan Kali Kana Khar Khmr Khoj Knda Kore Kthi Lana Laoo Latn Lepc Limb Lina Linb Lisu "
                + "Lyci Lydi Mahj Maka Mand Mani Marc Medf Mend Merc Mero Mlym Modi Mong Mroo Mtei Mult Mymr Nand Narb Nbat Newa Nkoo Nshu Ogam Olck Orkh Orya "
                + "Osge Osma Palm Pauc Perm Phag Phli Phlp Phnx Plrd Prti Rjng Rohg Runr Samr Sarb Saur Sgnw Shaw Shrd Sidd Sind Sinh Sogd Sogo Sora Soyo Sund "
                + "Sylo Syrc Tagb Takr Tale Talu Taml Tang Tavt Telu Tfng Tglg Thaa Thai Tibt Tirh Ugar Vaii Wara Wcho Xpeo Xsux Yezi Yiii Zanb Zinh Zmth Zsye "
                + "Zsym Zxxx Zyyy Zzzz";

        private final List<Locale> countries = Stream.concat(Arrays.stream(Locale.getISOCountries()), Stream.of(AREAS.split(" ")))
                .map(code -> new Locale.Builder().setRegion(code).build()).toList();
        private final List<Locale> languages = Stream
                .concat(Arrays.stream(Locale.getISOLanguages()), Arrays.stream(Locale.getAvailableLocales()).map(Locale::getLanguage))
                .filter(code -> !code.isEmpty()).distinct().sorted().map(Locale::of).toList();
        private final List<Locale> scripts = Stream.of(SCRIPTS.split(" ")).map(code -> new Locale.Builder().setScript(code).build())
                .toList();
        private final List<Currency> currencies = Currency.getAvailableCurrencies().stream()
                .sorted(java.util.Comparator.comparing(Currency::getCurrencyCode)).toList();
        private final Set<String> english = new TreeSet<>();
        private final Set<String> inherited = new TreeSet<>();

        Names() {
            collect(Locale.ENGLISH, english);
            collect(Locale.ROOT, inherited);
        }

        /// Adds what a language says by itself.
        void add(Locale locale, Set<String> said) {
            Set<String> found = new TreeSet<>();
            collect(locale, found);
            found.removeAll(inherited);
            if (!locale.getLanguage().equals("en")) {
                found.removeAll(english);
            }
            said.addAll(found);
        }

        private void collect(Locale in, Set<String> to) {
            countries.forEach(c -> add(to, c.getDisplayCountry(in)));
            languages.forEach(l -> add(to, l.getDisplayLanguage(in)));
            scripts.forEach(s -> add(to, s.getDisplayScript(in)));
            currencies.forEach(c -> add(to, c.getDisplayName(in)));
            for (TextStyle style : TextStyle.values()) {
                for (Month month : Month.values()) {
                    add(to, month.getDisplayName(style, in));
                }
                for (DayOfWeek day : DayOfWeek.values()) {
                    add(to, day.getDisplayName(style, in));
                }
            }
            for (String pattern : List.of("QQQ", "QQQQ", "G", "GGGG", "B", "BBBB")) {
                DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, in);
                for (int hour = 0; hour < 24; hour += 3) {
                    add(to, formatter.format(LocalDate.of(2001, 1 + hour / 2, 1).atTime(hour, 30)));
                    add(to, formatter.format(LocalDate.of(-100, 1 + hour / 2, 1).atTime(hour, 30)));
                }
            }
            DateFormatSymbols symbols = DateFormatSymbols.getInstance(in);
            Stream.of(symbols.getEras(), symbols.getAmPmStrings()).flatMap(Arrays::stream).forEach(text -> add(to, text));
        }

        /// A text counts when it has at least two letters and is no bare code.
        private static void add(Set<String> to, String text) {
            String clean = Normalizer.normalize(text, Normalizer.Form.NFC).strip();
            boolean code = clean.chars().allMatch(c -> c < 128 && !Character.isLowerCase(c));
            if (!code && clean.codePoints().filter(Character::isLetter).count() >= 2) {
                to.add(clean);
            }
        }
    }
}
