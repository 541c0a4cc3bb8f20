"""What Hugging Face `tokenizers` answers with the published vocabularies, which are no part of the project.

    python published.py SHARED/data

writes published.json: for every text of tokenizers_cases.py the ids, and for whole files of real text the number of tokens and a digest of
ids and offsets.
"""
import hashlib
import json
import os
import sys

import tokenizers_cases as own
from tokenizers import models

data = sys.argv[1]


def vocabulary(name):
    return os.path.join(data, "tokenizers", name)


def digest(e):
    text = "".join("%d %d %d\n" % (i, a, b) for i, (a, b) in zip(e.ids, e.offsets))
    return {"tokens": len(e.ids), "digest": hashlib.sha256(text.encode()).hexdigest()}


bpe = models.BPE.read_file(vocabulary("gpt2_vocab.json"), vocabulary("gpt2_merges.txt"))
tested = {
    "uncased": own.bert(models.WordPiece.read_file(vocabulary("bert_base_uncased_vocab.txt")), True),
    "cased": own.bert(models.WordPiece.read_file(vocabulary("bert_base_cased_vocab.txt")), False),
    "gpt2": own.gpt2(*bpe),
}
answers = {}
for name, t in tested.items():
    files = {}
    for file in ["tinyshakespeare.txt", "wikitext2-valid.txt", "ag_news_train_4800.csv"]:
        with open(os.path.join(data, "text", file), encoding="utf-8", newline="") as f:
            files[file] = digest(t.encode(f.read()))
    answers[name] = {"cases": [{"text": x, "ids": t.encode(x).ids} for x in own.TEXTS + own.fuzz(50, 3)], "files": files}
own.write("published.json", answers)
