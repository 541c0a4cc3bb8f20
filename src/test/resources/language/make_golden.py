"""What transformers makes of small random models: golden.safetensors, for LanguageGoldenTest.

usage: python make_golden.py        (transformers 5.18, torch 2.13)

gpt2.*        weights of a GPT2LMHeadModel (vocabulary 61, 48 positions, width 32, 2 blocks, 4 heads)
generate.*    prompts of different lengths, padded behind with -1, and what `generate` makes of each alone:
              greedy, and greedy with a repetition penalty of 1.5; 12 new tokens
logits        of the longest prompt, every position
sampling.*    logits of one position, the tokens before, and the probabilities that transformers' own processors
              leave: repetition penalty, temperature, top-k, top-p
bert.*        weights of a BertModel (vocabulary 53, 40 positions, width 24, 2 blocks, 3 heads)
heads.*       losses of regression and of several labels at once on that BertModel
roberta.*     a RobertaForSequenceClassification (padding in the batch) and its logits
"""
import os, sys
import numpy as np, torch, transformers as T
from safetensors.numpy import save_file
from transformers.generation.logits_process import (RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper,
                                                    TopKLogitsWarper, TopPLogitsWarper)

torch.manual_seed(7)
out = {}
def put(name, t): out[name] = np.ascontiguousarray(t.detach().numpy() if torch.is_tensor(t) else t)
def weights(prefix, model):
    tied = set(model.state_dict()) - {n for n, _ in model.named_parameters()}
    for n, t in model.state_dict().items():
        if n not in tied: put(prefix + n, t)

config = T.GPT2Config(vocab_size=61, n_positions=48, n_embd=32, n_layer=2, n_head=4, initializer_range=0.3,
                      resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, bos_token_id=0, eos_token_id=60, pad_token_id=60)
gpt2 = T.GPT2LMHeadModel(config).eval()
with torch.no_grad():
    for n, p in gpt2.named_parameters():
        if n.endswith("bias"): p.normal_(0, 0.1)
weights("gpt2.", gpt2)
prompts = [[5, 17, 3, 9, 41, 8, 8], [33], [2, 50, 2, 50, 2], [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]]
longest = max(map(len, prompts))
put("generate.prompts", np.array([p + [-1] * (longest - len(p)) for p in prompts], dtype=np.int64))
for name, options in (("greedy", {}), ("penalised", dict(repetition_penalty=1.5))):
    rows = []
    for p in prompts:
        y = gpt2.generate(torch.tensor([p]), attention_mask=torch.ones(1, len(p), dtype=torch.int64), max_new_tokens=12,
                          do_sample=False, **options)[0, len(p):].tolist()
        y = y[:y.index(60)] if 60 in y else y
        rows.append(y + [-1] * (12 - len(y)))
    put("generate." + name, np.array(rows, dtype=np.int64))
with torch.no_grad(): put("logits", gpt2(torch.tensor([prompts[3]])).logits[0])

before = torch.tensor([[4, 9, 4, 30]])
logits = torch.randn(1, 61) * 2
put("sampling.logits", logits[0]); put("sampling.before", before[0])
for i, (penalty, temperature, k, p) in enumerate([(1.0, 0.7, 0, 1.0), (1.0, 1.0, 5, 1.0), (1.0, 1.0, 0, 0.8), (1.3, 1.4, 20, 0.9)]):
    x = logits.clone()
    if penalty != 1: x = RepetitionPenaltyLogitsProcessor(penalty)(before, x)
    x = TemperatureLogitsWarper(temperature)(before, x)
    if k: x = TopKLogitsWarper(k)(before, x)
    if p < 1: x = TopPLogitsWarper(p)(before, x)
    put(f"sampling.{i}.settings", np.array([penalty, temperature, k, p], dtype=np.float32))
    put(f"sampling.{i}.probabilities", x.softmax(-1)[0])

z = dict(hidden_dropout_prob=0, attention_probs_dropout_prob=0)
def bert(labels): return T.BertConfig(vocab_size=53, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40,
                                      max_position_embeddings=40, initializer_range=0.2, num_labels=labels, **z)
ids = torch.randint(5, 53, (3, 9)); mask = torch.ones(3, 9, dtype=torch.int64); mask[1, 6:] = 0; mask[2, 4:] = 0
ids[mask == 0] = 0
put("heads.ids", ids); put("heads.mask", mask)
base = T.BertModel(bert(2)); weights("bert.", base)
for name, labels, target in (("regression", 1, torch.randn(3, 1)), ("multilabel", 4, torch.randint(0, 2, (3, 4)).float())):
    m = T.BertForSequenceClassification(bert(labels)); m.bert.load_state_dict(base.state_dict()); m.eval()
    put(f"heads.{name}.weight", m.classifier.weight); put(f"heads.{name}.bias", m.classifier.bias); put(f"heads.{name}.target", target)
    with torch.no_grad(): put(f"heads.{name}.loss", m(ids, attention_mask=mask, labels=target).loss.reshape(1))

rc = T.RobertaConfig(vocab_size=53, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40, num_labels=3,
                     max_position_embeddings=30, type_vocab_size=1, initializer_range=0.2, pad_token_id=1, layer_norm_eps=1e-5, **z)
r = T.RobertaForSequenceClassification(rc).eval(); weights("roberta.", r)
rids = torch.where(mask == 0, torch.ones_like(ids), ids); put("roberta_input.ids", rids)
with torch.no_grad(): put("roberta_input.logits", r(rids, attention_mask=mask).logits)

save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.safetensors"))
print(len(out), "tensors", sum(a.nbytes for a in out.values()), "bytes")
print(out["generate.greedy"].tolist(), out["generate.penalised"].tolist())
