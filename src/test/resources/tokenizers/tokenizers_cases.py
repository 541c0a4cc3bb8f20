"""Makes the small tokenizers of this folder, and what Hugging Face `tokenizers` answers with them.

    pip install tokenizers==0.23.2; python tokenizers_cases.py train; python tokenizers_cases.py answers
    pip install tokenizers==0.22.2; python tokenizers_cases.py options

Every text here is our own, so that all of the folder may be committed. Truncation is asked of 0.22.2, because 0.23 loses the windows of long
texts (huggingface/tokenizers pull request 2098). Training breaks ties at random: after `train` all the rest has to be made anew.
"""
import hashlib
import json
import os
import random
import shutil
import sys

import tokenizers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = os.path.dirname(os.path.abspath(__file__))

CORPUS = """
A network learns slowly from a few examples; a network that has seen other things before learns quickly.
We train it on one task, keep what it knows, and give it another. That is a head start, and we measure how much it was worth.
The quick brown fox doesn't jump over lazy dogs any more: it's asleep, they're awake, we've counted 12,345 sheep and 3.14 pies.
Unbelievable! Tokenization, embeddings, normalization and pretraining aren't magic; you'll see, I'd say, that I'm right.
Learning, learned, learner, learners; training, trained, trainer; testing, tested, tester; walking, walked, walker, walks.
Über den Wolken muss die Straße größer sein. Schöne Grüße aus München, naïve café, fiancée, résumé, Ångström, façade, jalapeño.
Это наша собственная фраза, и она ничего не значит. Ёлка стоит в лесу, а йод лежит в шкафу.
هذه جملة كتبناها بأنفسنا وليس لها معنى. שלום עולם, זה משפט משלנו. นี่คือประโยคของเรา हमने यह वाक्य स्वयं लिखा है
我们自己写了这句话，没有什么意思。日本語の文も少し書きました。우리가 직접 쓴 문장입니다. 👍🏽 👨‍👩‍👧 🏳️‍🌈 😀
for (int i = 0; i < n; i++) { sum += x[i] * y[i]; } // 100% fine, isn't it? a_b-c@d.org #1 & co. «quoted» “quoted” ‘quoted’ — … §5
""".strip().split("\n")
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
END = "<|endoftext|>"

BLOCKS = [b << 12 for b in [*range(0x33), 0xE0, 0xF0, 0x10F]]  # between them nothing is assigned
SPACES = [9, 10, 11, 12, 13, 0x1C, 0x1F, 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
HIDDEN = [0, 0x7F, 0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202E, 0x2060, 0x2066, 0xFEFF, 0xFFFD, 0xE000, 0xE0001]
TEXTS = CORPUS + [
    "", " ", "   ", "\n", "\t\n ", "a", "A", " a", "a ", "  a  b  ", "a\n\nb", "a \n b", "a  \n", "a\u3000 b", "a\u00a0\u00a0b", "\u2003x",
    "it's IT'S 's s' 'S 't 've 'll 'd 'm 're ''s !'s 'sa 'lla '", "x's's's", "don't do not can 't I 'm he 's we 've they 're", "1st 2nd 3.5%",
    "[MASK] is [MASK]ed", "[mask]", "a[SEP]b", "[CLS][CLS]", "[MASK", "[PAD] [UNK] [NONE]", "x<|endoftext|>y", "<|endoftext|><|endoftext|>",
    "<|endoftext|", "  <|endoftext|>  ", "##ing ## #", "a##b", "Ġthe Ċ", "é e\u0301 E\u0301 \u00c9", "\u0344\u0327x", "a\u0327\u0301\u0316b",
    "\u0301\u0302abc", "\u1e69 s\u0323\u0307 s\u0307\u0323", "\u0f73\u0f71\u0f74", "\u0958\u0929", "\u212b\u2126\u212a", "\u0130I\u0131i", "ΣΊΣΥΦΟΣ",
    "ẞß ﬁ Ǆ ǅ", "한국어", "\u1112\u1161\u11ab", "각\u11a8", "𠀀𠀁x𪜀𫠠𫤠", "㐀㐁豈丽", "ไม้ กำ", "שָׁלוֹם", "مُحَمَّد", "\u200fعربي\u200e abc", "हिन्दी",
    "👍🏽👍👍🏿", "👨‍👩‍👧‍👦", "🏳️‍🌈🇩🇪", "1️⃣❤️", "½ ² Ⅷ ٣٤ 𝟙𝟚", "𝒜𝓑 𐐀", "x" * 100, "x" * 101, "é" * 100 + " " + "e\u0301" * 101, "ab " * 50,
    "".join(map(chr, SPACES)), "a".join(map(chr, SPACES)), "b".join(map(chr, HIDDEN)), "\u0378\u05ff\U000e0fff\U00011f02", "\ufdd0\uffff\U0010ffff",
    "¿Qué? ¡Sí! «a» ‹b› „c“ ‚d‘ 、。「」・ ؟ ، ॥ ፨ ᠀", "+$^`|~<=>€£¥©®°", "\r\n\r\n a\r\nb", "a\u2028b\u2029c\x0bd\x0ce\x1cf\x85g",
]


def fuzz(count, seed):
    r = random.Random(seed)
    pool = ["the", " ", "  ", "learn", "ing", "'s", ".", "[MASK]", END, "é", "e\u0301", "中", "한", "👍🏽", "\u200d", "\n", "Ü", "\u0327", "9", "_", "I"]

    def any_character():
        c = r.choice([r.randrange(0x250), r.randrange(0x3000), r.randrange(0x10000), r.randrange(0x20000), r.randrange(0x110000)])
        return chr(c) if not 0xD800 <= c < 0xE000 else "x"

    return ["".join(r.choice(pool) if r.random() < 0.7 else any_character() for _ in range(r.randrange(1, 14))) for _ in range(count)]


def bert(vocab, lowercase):
    t = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    t.add_special_tokens(SPECIAL)
    t.post_processor = processors.BertProcessing(("[SEP]", t.token_to_id("[SEP]")), ("[CLS]", t.token_to_id("[CLS]")))
    return t


def gpt2(vocab, merges, prefix=False):
    t = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    t.decoder = decoders.ByteLevel()
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    t.add_special_tokens([END])
    return t


def train_bert(lowercase, size):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=size, min_frequency=1, special_tokens=SPECIAL, show_progress=False))
    return t.get_vocab()


def train_gpt2(size):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=size, min_frequency=1, initial_alphabet=alphabet, special_tokens=[END],
                                                      show_progress=False))
    model = json.loads(t.to_str())["model"]
    return model["vocab"], [tuple(m) for m in model["merges"]]


def answer(e):
    row = {"ids": e.ids, "types": e.type_ids, "ends": [b for _, b in e.offsets], "special": e.special_tokens_mask,
           "attention": e.attention_mask}
    if e.overflowing:
        row["overflow"] = [answer(o) for o in e.overflowing]
    return row


def plain(t, texts, tokens=False):
    cases = []
    for text in texts:
        e = t.encode(text)
        cases.append({"text": text, "ids": e.ids, "starts": [a for a, _ in e.offsets], "ends": [b for _, b in e.offsets],
                      "words": [-1 if w is None else w for w in e.word_ids], "tokens": e.tokens if tokens else [],
                      "decoded": t.decode(e.ids, skip_special_tokens=False), "skipped": t.decode(e.ids, skip_special_tokens=True)})
    return cases


def sweep(t):
    """A digest for each 4096 code points of ids and offsets of `a<code point>b`, one line a code point."""
    digests = []
    for begin in BLOCKS:
        digest = hashlib.sha256()
        for c in range(begin, begin + 0x1000):
            if 0xD800 <= c < 0xE000:
                continue
            e = t.encode("a" + chr(c) + "b")
            digest.update((" ".join("%d:%d:%d" % (i, a, b) for i, (a, b) in zip(e.ids, e.offsets)) + "\n").encode())
        digests.append(digest.hexdigest()[:16])
    return digests


def normal(normalizer):
    """A digest for each 4096 code points of what the normaliser makes of `A<code point>B`."""
    digests = []
    for begin in BLOCKS:
        digest = hashlib.sha256()
        for c in range(begin, begin + 0x1000):
            if not 0xD800 <= c < 0xE000:
                digest.update((normalizer.normalize_str("A" + chr(c) + "B") + "\n").encode())
        digests.append(digest.hexdigest()[:16])
    return digests


def options(t, name):
    """Truncation and padding, alone and together."""
    short, long = "the quick brown fox", "a network that has seen other things before learns quickly."
    cases = []

    def add(first, second, truncation, padding, special=True):
        t.no_truncation()
        t.no_padding()
        if truncation:
            t.enable_truncation(**truncation)
        if padding:
            t.enable_padding(**padding)
        try:
            got = answer(t.encode(first, second, add_special_tokens=special))
        except Exception as e:
            got = {"refused": str(e)}
        cases.append({"text": first, "second": second, "truncation": truncation, "padding": padding, "special": special, "answer": got})

    for first, second in [(short, None), (long, None), (short, long), (long, short), (long, long), ("", short)]:
        for special in [True, False]:
            add(first, second, None, None, special)
            for length in [4, 7, 16]:
                for strategy in ["longest_first", "only_first", "only_second"]:
                    for direction in ["right", "left"]:
                        if length == 7 or direction == "right":
                            add(first, second, dict(max_length=length, strategy=strategy, direction=direction), None, special)
    for stride in [0, 1, 3]:
        for direction in ["right", "left"]:
            add(long, None, dict(max_length=8, stride=stride, strategy="longest_first", direction=direction), None)
            add(short, long, dict(max_length=16, stride=stride, strategy="only_second", direction=direction), None)
            add(long, short, dict(max_length=16, stride=stride, strategy="only_first", direction=direction),
                dict(length=18, direction=direction, pad_id=0, pad_token=name))
    for padding in [dict(length=20), dict(length=20, direction="left", pad_type_id=1), dict(pad_to_multiple_of=8), dict(length=3)]:
        add(short, None, None, dict(pad_id=0, pad_token=name, **padding))
        add(short, long, None, dict(pad_id=0, pad_token=name, **padding))
    t.no_truncation()
    t.no_padding()
    batch = [short, long, "", "a"]
    t.enable_padding(pad_id=0, pad_token=name, pad_to_multiple_of=4)
    both = {"texts": batch, "answers": [answer(e) for e in t.encode_batch(batch)]}
    t.no_padding()
    return {"cases": cases, "batch": both}


def write(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8", newline="\n") as out:
        json.dump(value, out, ensure_ascii=True, separators=(",", ":"))
        out.write("\n")


def variants(cased, vocab, merges):
    """Tokenizers of all kinds that a tokenizer.json can hold, as name -> tokenizer."""
    made = {}
    t = bert(cased, False)
    t.normalizer = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
    t.decoder = decoders.WordPiece(cleanup=False)
    made["bert-other"] = t
    t = bert(cased, True)
    t.post_processor = processors.TemplateProcessing(single="[CLS] $A:2 [SEP]", pair="[CLS]:1 $B:1 [SEP]:1 $A:0 [SEP]:0", special_tokens=[
        ("[CLS]", t.token_to_id("[CLS]")), ("[SEP]", t.token_to_id("[SEP]"))])
    t.add_tokens([AddedToken("Straße", normalized=True), AddedToken("QUICK", normalized=False), AddedToken("over", single_word=True),
                  AddedToken("中国", normalized=True)])
    t.add_special_tokens([AddedToken("<L>", lstrip=True), AddedToken("<R>", rstrip=True), AddedToken("<LR>", lstrip=True, rstrip=True),
                          AddedToken("<LRX>")])
    made["bert-added"] = t
    t = gpt2(vocab, merges, True)
    t.post_processor = processors.ByteLevel(trim_offsets=True, add_prefix_space=True)
    t.add_special_tokens([AddedToken("<mask>", lstrip=True), AddedToken("<R>", rstrip=True)])
    made["bytes-trimmed"] = t
    t = gpt2(vocab, merges)
    t.post_processor = processors.ByteLevel(trim_offsets=True, add_prefix_space=False)
    made["bytes-trimmed-plain"] = t
    t = gpt2(vocab, merges)
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    t.post_processor = processors.TemplateProcessing(single=END + " $A", pair=END + " $A $B:1", special_tokens=[(END, t.token_to_id(END))])
    made["bytes-whole"] = t
    few = {k: v for k, v in vocab.items() if k not in "abcÃ"}
    kept = [m for m in merges if m[0] in few and m[1] in few]
    t = gpt2(few, kept)
    made["bytes-missing"] = t
    t = Tokenizer(models.BPE(vocab=few, merges=kept, unk_token=END, fuse_unk=True, ignore_merges=True))
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    made["bytes-unknown"] = t
    return made


def path(name):
    return os.path.join(HERE, name)


def train():
    for name, vocab in [("uncased", train_bert(True, 700)), ("cased", train_bert(False, 500))]:
        with open(path(name + ".txt"), "w", encoding="utf-8", newline="\n") as out:
            out.writelines(token + "\n" for token in sorted(vocab, key=vocab.get))
    vocab, merges = train_gpt2(700)
    write("bytes.json", vocab)
    with open(path("bytes.merges.txt"), "w", encoding="utf-8", newline="\n") as out:
        out.write("#version: 0.2\n")
        out.writelines("%s %s\n" % m for m in merges)


def answers(cased, vocab, merges, tested):
    assert tokenizers.__version__ == "0.23.2"
    texts = TEXTS + fuzz(150, 1)
    write("cases.json", {name: plain(t, texts) for name, t in tested.items()})
    digests = {name: sweep(t) for name, t in tested.items()}
    for lower in [True, False]:
        for strip in [True, False]:
            digests["normal-%s-%s" % (str(strip).lower(), str(lower).lower())] = normal(
                normalizers.BertNormalizer(lowercase=lower, strip_accents=strip))
    write("sweep.json", digests)
    folder = path("json")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    extra = ["Straße strasse STRASSE straẞe", "QUICK quick", "over overt ove over.", "中国 中 国", "a <L> b <R>  c  <LR> d", "<L><L> <R> <R>", "<LRX><LR",
             "  <mask>\n\n<mask>", "a<mask>b", " x", "  x", "x  ", "\n x", "Quick <R> \u2003 brown", "cab abc a b c", "é Ã", "aé bê", "cacao café",
             "𝒜𝓑", "👍🏽 👍"]
    made = variants(cased, vocab, merges)
    for name, t in made.items():
        t.save(os.path.join(folder, name + ".json"), pretty=False)
    again = {name: Tokenizer.from_file(os.path.join(folder, name + ".json")) for name in made}
    write("json.json", {name: {"cases": plain(t, extra + TEXTS[12:40] + fuzz(50, 2), True), "pair": answer(t.encode("the fox", "learns quickly"))}
                        for name, t in again.items()})
    stored = tested["uncased"]
    stored.enable_truncation(12, stride=2, strategy="only_first")
    stored.enable_padding(length=16, direction="left", pad_id=0, pad_token="[PAD]")
    stored.save(os.path.join(folder, "stored-options.json"), pretty=True)


def main(what):
    if what == "train":
        return train()
    uncased, cased = [models.WordPiece.read_file(path(name)) for name in ("uncased.txt", "cased.txt")]
    vocab, merges = models.BPE.read_file(path("bytes.json"), path("bytes.merges.txt"))
    tested = {"uncased": bert(uncased, True), "cased": bert(cased, False), "bytes": gpt2(vocab, merges)}
    if what == "answers":
        return answers(cased, vocab, merges, tested)
    assert what == "options" and tokenizers.__version__ == "0.22.2"
    write("options.json", {"uncased": options(tested["uncased"], "[PAD]"), "bytes": options(tested["bytes"], END)})


if __name__ == "__main__":
    main(sys.argv[1])
