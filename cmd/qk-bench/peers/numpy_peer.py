"""numpy, differentiated by hand.

Recall runs in blocks of rows whose scores fit in the cache, with buffers that are
kept and products that go straight into them. "whole" leaves the parallel work to
the BLAS; "blocks N" gives each of N Python threads its own blocks and a BLAS of
one thread, so that the exponentials run on all cores too (numpy lets go of the
interpreter's lock inside its loops). Predict has "gather".
"""

import ctypes
import glob
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import peer

CORES = os.cpu_count() or 1


def blas_threads(n):
    """Sets the threads of numpy's bundled OpenBLAS, if that is what it has."""
    import numpy as np

    for path in glob.glob(os.path.join(os.path.dirname(np.__file__) + ".libs", "*openblas*")):
        lib = ctypes.CDLL(path)
        for name in ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads", "openblas_set_num_threads"):
            if hasattr(lib, name):
                getattr(lib, name)(n)
                return


class Adam:
    """Dense Adam in place, in chunks that stay in the cache."""

    def __init__(self, np, settings, params, pool):
        self.np, self.s, self.t, self.pool = np, settings, 0, pool
        self.jobs = []
        for x, g in params:
            x, g = x.reshape(-1), g.reshape(-1)
            m, v = np.zeros_like(x), np.zeros_like(x)
            for lo in range(0, x.size, 1 << 15):
                c = slice(lo, lo + (1 << 15))
                self.jobs.append((x[c], g[c], m[c], v[c], np.empty_like(x[c]), np.empty_like(x[c])))

    def step(self):
        self.t += 1
        s, np = self.s, self.np
        f = np.float32
        b1, b2 = s["beta1"], s["beta2"]
        rate = f(s["rate"] / (1 - b1**self.t))
        root = f(1 / (1 - b2**self.t) ** 0.5)
        eps = f(s["epsilon"])

        def one(job):
            x, g, m, v, a, b = job
            np.multiply(m, f(b1), out=m)
            np.multiply(g, f(1 - b1), out=a)
            m += a
            np.multiply(v, f(b2), out=v)
            np.multiply(g, g, out=a)
            a *= f(1 - b2)
            v += a
            np.sqrt(v, out=a)
            a *= root
            a += eps
            np.multiply(m, rate, out=b)
            b /= a
            x -= b

        each(self.pool, one, self.jobs)


def each(pool, f, jobs):
    if pool is None or len(jobs) < 2:
        for j in jobs:
            f(j)
    else:
        list(pool.map(f, jobs))


class Trainer:
    def __init__(self, p, variant):
        import numpy as np

        self.p, self.np, self.i = p, np, 0
        threads = int(variant.split()[1]) if variant.startswith("blocks") else 1
        self.pool = ThreadPoolExecutor(threads) if threads > 1 else None
        blas_threads(1 if variant.startswith("blocks") or variant.endswith("serial") else CORES)
        self.threads = threads
        self.Q, self.K = p.Q.copy(), p.K.copy()
        self.dQ, self.dK = np.zeros_like(self.Q), np.zeros_like(self.K)
        self.setup(variant)
        self.adam = Adam(np, p.adam, [(self.Q, self.dQ), (self.K, self.dK)], self.pool)

    def losses(self, n):
        return [self.step() for _ in range(n)]

    def run(self, n):
        for _ in range(n):
            self.step()

    def step(self):
        loss = self.loss(self.i % self.p.batches)
        self.i += 1
        self.adam.step()
        return loss


class Recall(Trainer):
    def setup(self, variant):
        np, p = self.np, self.p
        rows = p.B
        if variant.startswith("blocks"):
            rows = min(max((1 << 18) // p.V, 128), -(-p.B // self.threads))  # fewer rows add up dK too often
        self.spans = [(lo, min(lo + rows, p.B)) for lo in range(0, p.B, rows)]
        self.scores = [np.empty((rows, p.V), np.float32) for _ in range(self.threads)]
        self.dKs = [np.empty_like(self.K) for _ in range(self.threads)]
        self.part = np.empty_like(self.K)
        self.used = [False] * self.threads
        self.free = list(range(self.threads))
        self.Qb = self.Q if p.full else np.empty((p.B, p.R), np.float32)
        self.dQb = self.dQ if p.full else np.empty((p.B, p.R), np.float32)
        self.flat = []
        for b in range(p.batches):  # places of the cells within their block
            self.flat.append(p.row[b].astype(np.int64) % rows * p.V + p.col[b])
        self.products = [np.empty_like(self.K) for _ in range(self.threads)]

    def block(self, b, span):
        np, p = self.np, self.p
        lo, hi = span
        mine = self.free.pop()
        s = self.scores[mine][: hi - lo]
        q = self.Qb[lo:hi]
        np.dot(q, self.K.T, out=s)
        cells = slice(p.start[b][lo], p.start[b][hi])
        at, target = self.flat[b][cells], p.target[b][cells]
        one = s.reshape(-1)
        expected = float(np.dot(one[at], target))
        top = s.max(axis=1, keepdims=True)
        s -= top
        np.exp(s, out=s)
        total = s.sum(axis=1, keepdims=True)
        weight = p.weight[b][lo:hi, None]
        loss = float((weight * (top + np.log(total))).sum()) - expected
        s *= weight / total
        one[at] -= target
        np.dot(s, self.K, out=self.dQb[lo:hi])
        if self.used[mine]:
            np.dot(s.T, q, out=self.products[mine])
            self.dKs[mine] += self.products[mine]
        else:
            np.dot(s.T, q, out=self.dKs[mine])
            self.used[mine] = True
        self.free.append(mine)
        return loss

    def loss(self, b):
        np, p = self.np, self.p
        if not p.full:
            np.take(self.Q, p.rows[b], axis=0, out=self.Qb)
        self.used = [False] * self.threads
        if self.pool is None:
            loss = sum(self.block(b, s) for s in self.spans)
        else:
            loss = sum(self.pool.map(lambda s: self.block(b, s), self.spans))
        parts = [d for d, u in zip(self.dKs, self.used) if u]
        np.copyto(self.dK, parts[0])
        for d in parts[1:]:
            self.dK += d
        if not p.full:
            self.dQ.fill(0)
            self.dQ[p.rows[b]] = self.dQb
        return loss


class Predict(Trainer):
    def setup(self, variant):
        np, p = self.np, self.p
        self.order, self.cuts, self.keys = [], [], []
        self.crow, self.ccut = [], []
        for b in range(p.batches):  # entries of one word stand together, for reduceat
            live = np.flatnonzero(p.mask[b].reshape(-1))
            order = live[np.argsort(p.earlier[b].reshape(-1)[live], kind="stable")]
            keys, cuts = np.unique(p.earlier[b].reshape(-1)[order], return_index=True)
            self.order.append(order), self.keys.append(keys), self.cuts.append(cuts)
            row, cut = np.unique(p.current[b], return_index=True)
            self.crow.append(row), self.ccut.append(cut)
        self.big = np.empty((p.B, p.L, p.R), np.float32)

    def loss(self, b):
        np, p = self.np, self.p
        q = self.Q[p.current[b]]
        np.take(self.K, p.earlier[b], axis=0, out=self.big, mode="clip")
        s = np.matmul(self.big, q[:, :, None])[:, :, 0]
        top = np.maximum(np.where(p.mask[b] > 0, s, 0).max(axis=1), 0)
        e = np.exp(s - top[:, None]) * p.mask[b]
        null = np.exp(-top)
        over = p.base[b] * null + (e * p.vote[b]).sum(axis=1)
        under = null + e.sum(axis=1)
        loss = float(np.mean(np.log(under) - np.log(over)))
        ds = e * (1 / under[:, None] - p.vote[b] / over[:, None]) / np.float32(p.B)
        dq = np.matmul(ds[:, None, :], self.big)[:, 0, :]
        self.dQ.fill(0)
        self.dQ[self.crow[b]] = np.add.reduceat(dq, self.ccut[b], axis=0)
        order = self.order[b]
        dk = q[order // p.L]
        dk *= ds.reshape(-1)[order][:, None]
        self.dK.fill(0)
        self.dK[self.keys[b]] = np.add.reduceat(dk, self.cuts[b], axis=0)
        return loss


def main():
    why = peer.missing("numpy")
    if why:
        return peer.refuse(why)
    import numpy as np

    p = peer.Problem(sys.argv[-1])
    if p.task == "recall":
        variants, kind = ["whole", "whole serial", "blocks 1"] + ([f"blocks {CORES}"] if CORES > 1 else []), Recall
    else:
        variants, kind = ["gather", "gather serial"], Predict

    def start(variant):
        # "whole serial" and "gather serial" are one thread throughout
        return kind(p, variant)

    peer.serve("numpy", np.__version__, variants, start)


main()
