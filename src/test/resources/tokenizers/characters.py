"""Writes io/src/main/resources/dev/headstart/io/text/token/characters.txt: what Hugging Face `tokenizers` takes every character for.

    python characters.py ../../../../io/src/main/resources/dev/headstart/io/text/token/characters.txt

Every code point is put through the library and its answer written down, because its parts follow different versions of Unicode: categories
and decompositions of BERT's normaliser are some ten years old, those of the byte-level pattern and of lower case are new.
"""
import sys
import unicodedata

import tokenizers
from tokenizers import normalizers, pre_tokenizers


def bert(**on):
    return normalizers.BertNormalizer(**{"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False, **on})


CLEAN, STRIP, LOWER = bert(clean_text=True), bert(strip_accents=True), bert(lowercase=True)
CHINESE, NFD = bert(handle_chinese_chars=True), normalizers.NFD()
WORDS, PATTERN = pre_tokenizers.BertPreTokenizer(), pre_tokenizers.ByteLevel(add_prefix_space=False)
ALL = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def joined(a, b):
    return len(PATTERN.pre_tokenize_str(a + b)) == 1


def pieces(c):
    return [piece for piece, _ in WORDS.pre_tokenize_str("a" + chr(c) + "b")]


def ranges(points):
    out = []
    for c in points:
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return ["%X" % a if a == b else "%X-%X" % (a, b) for a, b in out]


def hexes(text):
    return ".".join("%X" % ord(c) for c in text)


def classes():
    """Canonical combining classes: where NFD puts a mark among marks whose class is known since Unicode 3.2."""
    known = {}
    alone = [c for c in ALL if NFD.normalize_str(chr(c)) == chr(c)]
    for c in alone:
        k = unicodedata.ucd_3_2_0.combining(chr(c))
        if k:
            known.setdefault(k, chr(c))
    found = {}
    for c in alone:
        x = chr(c)
        if NFD.normalize_str("a" + x + known[1])[1] == x and NFD.normalize_str("a" + known[240] + x)[1] != x:
            continue  # never moves: class 0
        same = [k for k, r in known.items() if NFD.normalize_str("a" + r + x)[1] == r and NFD.normalize_str("a" + x + r)[1] == x]
        if not same:  # a class of which no other character is known
            same = [unicodedata.combining(x)]
        assert len(same) == 1 and same[0] > 0, hex(c)
        found.setdefault(same[0], []).append(c)
    return found


def lower():
    """Runs `first-last/step>lower case of first`; what becomes several characters, one by one."""
    out, runs = [], []
    for c in ALL:
        low = LOWER.normalize_str(chr(c))
        if low == chr(c):
            continue
        if len(low) > 1:
            out.append("%X>%s" % (c, hexes(low)))
            continue
        low = ord(low)
        for run in runs[-2:]:
            step = c - run[1]
            if low - c == run[3] - run[0] and step in (1, 2) and run[2] in (0, step):
                run[1], run[2] = c, step
                break
        else:
            runs.append([c, c, 0, low])
    return ["%X-%X/%d>%X" % (a, b, s, d) if s else "%X>%X" % (a, d) for a, b, s, d in runs] + out


def write(out, key, items):
    line = key
    for item in items:
        if len(line) + 1 + len(item) > 138:
            out.write(line + "\n")
            line = key
        line += " " + item
    out.write(line + "\n")


with open(sys.argv[1], "w", encoding="ascii", newline="\n") as out:
    out.write("# What tokenizers %s takes characters for; written by src/test/resources/tokenizers/characters.py.\n" % tokenizers.__version__)
    write(out, "letter", ranges(c for c in ALL if joined("a", chr(c))))
    write(out, "number", ranges(c for c in ALL if joined("1", chr(c))))
    write(out, "space", ranges(c for c in ALL if pieces(c) == ["a", "b"]))
    write(out, "dropped", ranges(c for c in ALL if CLEAN.normalize_str("a" + chr(c)) == "a"))
    write(out, "punctuation", ranges(c for c in ALL if len(pieces(c)) == 3))
    write(out, "mark", ranges(c for c in ALL if NFD.normalize_str(chr(c)) == chr(c) and STRIP.normalize_str("a" + chr(c)) == "a"))
    write(out, "ideograph", ranges(c for c in ALL if CHINESE.normalize_str(chr(c)) != chr(c)))
    for k, points in sorted(classes().items()):
        write(out, "class %d" % k, ranges(points))
    write(out, "lower", lower())
    hangul = range(0xAC00, 0xD7A4)
    write(out, "decomposed", ["%X>%s" % (c, hexes(NFD.normalize_str(chr(c)))) for c in ALL if c not in hangul and NFD.normalize_str(chr(c)) != chr(c)])
