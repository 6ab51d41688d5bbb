"""Writes the matrices of this directory with NumPy and the reference safetensors:

    pip install numpy==2.4.6 safetensors==0.8.0 && python make.py

They belong to the built-in corpus diary. Q and K have rank 1: "went" asks for candle
and train with a score of 12 and pushes every other word away with -2; all other
scores are 0.
"""
import numpy as np
from safetensors.numpy import save_file

words = "when went up train the out open look it diary candle and again".split()
Q = np.array([[1.0 if w == "went" else 0.0] for w in words])
K = np.array([[12.0 if w in ("candle", "train") else -2.0] for w in words])
with open("words.txt", "w", newline="") as f:
    f.write("\ufeff" + "".join(w + "\r\n" for w in words))
np.save("q.npy", Q.astype("f4"))
np.save("k.npy", np.asfortranarray(K).astype(">f2"))
np.save("s.npy", Q @ K.T)
np.savez("qk.npz", Q=Q, K=K, S=Q @ K.T)
save_file({"wq.weight": Q.astype("f2"), "wk.weight": K.astype("f4"), "steps": np.arange(3)}, "model.safetensors")
wide = np.hstack([Q, np.zeros((13, 3))])  # rank 4: scaled, its scores are halved
np.save("q4.npy", 2 * wide)
np.save("weak.npy", Q / 10)
np.save("k4.npy", np.hstack([K, np.zeros((13, 3))]))
np.save("transposed.npy", wide.T)
np.save("short.npy", Q[:12])
nan = wide.copy(); nan[3, 1] = np.nan
np.save("nan.npy", nan)
np.save("int.npy", Q.astype("i4"))
np.save("object.npy", Q.astype(object), allow_pickle=True)
with open("q.npy", "rb") as f, open("cut.npy", "wb") as g:
    g.write(f.read()[:-5])
