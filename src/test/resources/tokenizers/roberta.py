"""What Hugging Face `tokenizers` answers with RoBERTa's post-processor, on the byte-level vocabulary of this folder.

    pip install tokenizers==0.23.2; python roberta.py

writes roberta/plain.json and roberta/prefix.json, two tokenizer.json, and roberta.json with the answers.
"""
import os

import tokenizers_cases as own
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
vocab, merges = models.BPE.read_file(own.path("bytes.json"), own.path("bytes.merges.txt"))
for token in SPECIAL + ["<mask>"]:
    vocab[token] = len(vocab)
os.makedirs(own.path("roberta"), exist_ok=True)
texts = ["", " ", "a", " a", "a ", "the quick  fox", "  <mask>\n\n<mask>", "a <mask>b", "<s>a</s>", "x  ", "\n x", "É 中 👍🏽", "a<pad><unk>b"]
answers = {}
for name, prefix in [("plain", False), ("prefix", True)]:
    t = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    t.decoder = decoders.ByteLevel()
    t.add_special_tokens(SPECIAL + [AddedToken("<mask>", lstrip=True)])
    t.post_processor = processors.RobertaProcessing(("</s>", vocab["</s>"]), ("<s>", vocab["<s>"]), trim_offsets=True, add_prefix_space=prefix)
    t.save(own.path("roberta/%s.json" % name), pretty=False)
    t = Tokenizer.from_file(own.path("roberta/%s.json" % name))
    answers[name] = {"cases": own.plain(t, texts + own.fuzz(40, 5), True), "pair": own.answer(t.encode("the fox", " learns quickly"))}
own.write("roberta.json", answers)
