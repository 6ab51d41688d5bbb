"""Holds what `qk export` writes against the JSON of qk, with numpy and the reference
implementation of safetensors.

usage: export.py DIR, which has count.json (of qk count --json), lookup.jsonl (of qk
lookup --json, a document a line, in the order of the words), dense.npz, sparse.npz,
single.npz, double.safetensors, single.safetensors, q.csv, scores.csv and masks.csv.
"""

import csv
import json
import os
import sys

import numpy
import safetensors
import safetensors.numpy

os.chdir(sys.argv[1])
count = json.load(open("count.json", encoding="utf-8"))
lookups = [json.loads(line) for line in open("lookup.jsonl", encoding="utf-8")]
words = count["vocabulary"]
number = {w: i for i, w in enumerate(words)}
V = len(words)
compared = 0


def same(what, got, want):
    """Every number must be the very one, NaN for NaN."""
    global compared
    got, want = numpy.asarray(got), numpy.asarray(want)
    assert got.shape == want.shape, f"{what}: shape {got.shape}, want {want.shape}"
    if got.dtype.kind == "f":
        equal = (got == want) | (numpy.isnan(got) & numpy.isnan(want))
    else:
        equal = got == want
    assert equal.all(), f"{what}: {got[~equal][:5]}, want {want[~equal][:5]}"
    compared += got.size


# numpy must not need pickle, which could run code.
dense = numpy.load("dense.npz", allow_pickle=False)
sparse = numpy.load("sparse.npz", allow_pickle=False)
single = numpy.load("single.npz", allow_pickle=False)
same("vocabulary", dense["vocabulary"], numpy.array(words))
settings = json.loads(dense["settings"][()])
assert settings["data"] == count["data"], settings

# What is counted, from the JSON of qk count.
c1 = numpy.zeros((V, V), "u8")
p = numpy.full((V, V), 0.0)
for t in count["transitions"]:
    c1[number[t["word"]], number[t["next"]]] = t["n"]
    p[number[t["word"]], number[t["next"]]] = t["p"]
p[c1.sum(1) == 0] = numpy.nan
wanted = {"c1": c1, "P": p}
if "c2" in dense:
    c2 = numpy.zeros((V, V), "u8")
    support = numpy.full((V, V), numpy.nan, "f4")
    divergence = numpy.full((V, V), numpy.nan)
    for m in count["masks"]:
        at = number[m["word"]], number[m["earlier"]]
        c2[at], support[at], divergence[at] = m["n"], m["informs"], m["nats"]
    wanted |= {"c2": c2, "support": support, "divergence": divergence}

# What is learned, from that of qk lookup.
S = numpy.full((V, V), numpy.nan)
attention = numpy.full((V, V), numpy.nan)
for w, row in enumerate(lookups):
    for x in row["keys"]:
        S[w, number[x["word"]]] = x["score"]
        if x["attention"] is not None:
            attention[w, number[x["word"]]] = x["attention"]
wanted |= {"S": S, "attention": attention}

for name, want in wanted.items():
    assert dense[name].dtype == want.dtype, f"{name} is {dense[name].dtype}"
    same(name, dense[name], want)
    order = "transitions" if name in ("c1", "P") else "pairs"
    if order + "_indptr" not in sparse:
        assert name not in sparse, name
        continue
    start, at = sparse[order + "_indptr"], sparse[order + "_indices"]
    row = numpy.repeat(numpy.arange(V), numpy.diff(start))
    same("sparse " + name, sparse[name], want[row, at])
    try:
        import scipy.sparse
    except ImportError:
        continue
    matrix = scipy.sparse.csr_array((sparse[name], at, start), shape=(V, V))
    same("scipy's " + name, matrix.toarray()[row, at], want[row, at])
if "best" in dense:
    best = dense["best"]
    assert ((best == 1) <= (support == 1)).all()
    assert (numpy.isnan(best) >= numpy.isnan(support)).all()
    compared += best.size

# Q and K, three ways. qk sums up Q·Kᵀ in another order than numpy may.
Q, K = dense["Q"], dense["K"]
assert Q.dtype == K.dtype == numpy.float64
scale = settings["config"]["rank"] ** -0.5 if settings["config"]["scaled"] else 1
size = (abs(Q) @ abs(K).T).max()
assert abs(Q @ K.T * scale - S).max() <= 1e-14 * size, abs(Q @ K.T * scale - S).max()
same("float32 Q", single["Q"], Q.astype("f4"))
same("float32 K", single["K"], K.astype("f4"))
for file, dtype in ("double.safetensors", "f8"), ("single.safetensors", "f4"):
    tensors = safetensors.numpy.load_file(file)
    assert sorted(tensors) == ["W_K", "W_Q"] and tensors["W_Q"].dtype == dtype
    same(file + " W_Q", tensors["W_Q"], Q.astype(dtype))
    same(file + " W_K", tensors["W_K"], K.astype(dtype))
    with safetensors.safe_open(file, "np") as f:
        assert json.loads(f.metadata()["vocabulary"]) == words
        assert json.loads(f.metadata()["settings"]) == settings

# CSV, whose empty cells are NaN.
for name, want in ("q", Q), ("scores", S):
    rows = list(csv.reader(open(name + ".csv", encoding="utf-8", newline="")))
    assert [r[0] for r in rows[1:]] == words
    same(name + ".csv", [[float(x) for x in r[1:]] for r in rows[1:]], want)
if "c2" in dense:
    rows = list(csv.DictReader(open("masks.csv", encoding="utf-8", newline="")))
    assert len(rows) == len(count["masks"])
    got = {(r["word"], r["earlier"]): r for r in rows}
    for m in count["masks"]:
        r = got[m["word"], m["earlier"]]
        at = number[m["word"]], number[m["earlier"]]
        for name in "n", "informs", "nats", "g", "degrees", "chance":
            assert float(r[name]) == m[name], (name, r, m)
        assert float(r["score"]) == S[at]
        same("masks.csv", float(r["attention"] or "nan"), attention[at])
print(compared)
