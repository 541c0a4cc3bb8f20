package dev.headstart.task.demo;

import java.text.DateFormatSymbols;
import java.text.Normalizer;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// What a locale says by itself: its names of countries and regions, languages, scripts, currencies, months, days, quarters, eras and parts
/// of the day. No time zones: they take ten times as long as all the rest.
///
/// A locale without a name of its own for something answers with the root's, which is mostly English. Such answers cannot be told from
/// names that it shares with English, so whatever the root or English say too is left out. Hence English itself says nothing.
final class LocaleStrings {
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
    /// Quarters, eras and parts of the day, short and long.
    private static final List<String> PATTERNS = List.of("QQQ", "QQQQ", "G", "GGGG", "B", "BBBB");

    private final List<Locale> countries = Stream.concat(Arrays.stream(Locale.getISOCountries()), Stream.of(AREAS.split(" ")))
            .map(code -> new Locale.Builder().setRegion(code).build()).toList();
    private final List<Locale> languages = Stream
            .concat(Arrays.stream(Locale.getISOLanguages()), Arrays.stream(Locale.getAvailableLocales()).map(Locale::getLanguage))
            .filter(code -> !code.isEmpty()).distinct().sorted().map(Locale::of).toList();
    private final List<Locale> scripts = Stream.of(SCRIPTS.split(" ")).map(code -> new Locale.Builder().setScript(code).build()).toList();
    private final List<Currency> currencies = Currency.getAvailableCurrencies().stream()
            .sorted(Comparator.comparing(Currency::getCurrencyCode)).toList();
    private final Set<String> inherited = new HashSet<>();

    LocaleStrings() {
        collect(Locale.ROOT, inherited);
        collect(Locale.ENGLISH, inherited);
    }

    /// What a locale says and neither the root nor English does, trimmed and in Unicode's NFC.
    Set<String> of(Locale locale) {
        Set<String> said = new HashSet<>();
        collect(locale, said);
        said.removeAll(inherited);
        return said;
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
        for (String pattern : PATTERNS) {
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
    private void add(Set<String> to, String text) {
        if (inherited.contains(text)) { // as most are in small languages: spares the work below
            return;
        }
        String clean = Normalizer.normalize(text, Normalizer.Form.NFC).strip();
        boolean code = clean.chars().allMatch(c -> c < 128 && !Character.isLowerCase(c));
        if (!code && clean.codePoints().filter(Character::isLetter).count() >= 2) {
            to.add(clean);
        }
    }
}
