"""PyTorch: "torch_peer.py MODE FOLDER". The mode eager has autograd, manual the
gradient by hand, and compile has torch.compile.

Recall, with T the targets (weights times P(y|w)) of a batch:
  cross-entropy   F.cross_entropy with soft targets, T dense
  log-softmax     −Σ T·log_softmax, T dense
  gather          Σ weight·logsumexp − Σ of the scores at the cells of T
  gather-softmax  −Σ of log_softmax at the cells of T
  sparse          Σ weight·logsumexp − Σ Q·(TK), T a CSR matrix, its transpose kept
  manual          gradients by hand with kept buffers, no autograd
  blocks          the same in blocks of rows whose scores stay in the cache
Predict:
  gather          rows of K are gathered, a batched product
  plain           the same, exponentials without a shift
  dense           QKᵀ against all words, scores are gathered
  manual          gradients by hand
  manual-sparse   the same; ∂loss/∂S is a CSR matrix whose products give dQ and dK
"… +step" compiles the gradient and Adam into one function; without it Adam is the
fused one of torch.optim.
"""

import os
import sys

import peer

CORES = os.cpu_count() or 1


def recall_losses(torch, p):
    F = torch.nn.functional

    def dense(i, b):
        if p.full:
            return b["dense"]
        return torch.zeros(p.B * p.V).index_copy_(0, b["cells"], b["live"]).view(p.B, p.V)

    def scores(Q, K, b):
        return (Q if p.full else F.embedding(b["rows"], Q)) @ K.t()

    def gather(Q, K, b):
        s = scores(Q, K, b)
        return b["weight"] @ torch.logsumexp(s, 1) - b["target"] @ s.view(-1)[b["flat"]]

    def gather_softmax(Q, K, b):
        return -(b["target"] @ F.log_softmax(scores(Q, K, b), 1).view(-1)[b["flat"]])

    def cross_entropy(Q, K, b):
        return F.cross_entropy(scores(Q, K, b), dense(p, b), reduction="sum")

    def log_softmax(Q, K, b):
        return -(dense(p, b) * F.log_softmax(scores(Q, K, b), 1)).sum()

    class Product(torch.autograd.Function):
        """T·K for a constant sparse T."""

        @staticmethod
        def forward(ctx, K, T, Tt):
            ctx.Tt = Tt
            return T @ K

        @staticmethod
        def backward(ctx, g):
            return ctx.Tt @ g, None, None

    def sparse(Q, K, b):
        q = Q if p.full else F.embedding(b["rows"], Q)
        return b["weight"] @ torch.logsumexp(q @ K.t(), 1) - (q * Product.apply(K, b["T"], b["Tt"])).sum()

    return {
        "gather": gather,
        "gather-softmax": gather_softmax,
        "cross-entropy": cross_entropy,
        "log-softmax": log_softmax,
        "sparse": sparse,
    }


def recall_batches(torch, p, variant):
    out = []
    for i in range(p.batches):
        live = int(p.start[i][-1])
        row, col = torch.from_numpy(p.row[i]).long(), torch.from_numpy(p.col[i]).long()
        b = {
            "rows": torch.from_numpy(p.rows[i]).long(),
            "weight": torch.from_numpy(p.weight[i].copy()),
            "target": torch.from_numpy(p.target[i].copy()),
            "flat": row * p.V + col,
        }
        b["start"] = p.start[i].tolist()
        b["cells"], b["live"] = b["flat"][:live], b["target"][:live]
        if variant.startswith("sparse"):
            T = torch.sparse_coo_tensor(torch.stack([row, col])[:, :live], b["live"], (p.B, p.V))
            b["T"], b["Tt"] = T.to_sparse_csr(), T.t().coalesce().to_sparse_csr()
        elif p.full and variant.split("+")[0] in ("cross-entropy", "log-softmax"):
            b["dense"] = torch.zeros(p.B * p.V).index_copy_(0, b["cells"], b["live"]).view(p.B, p.V)
        out.append(b)
    return out


def predict_losses(torch, p):
    F = torch.nn.functional

    def mixture(s, b):
        # the null slot's score is 0; masked entries have −inf
        top = s.detach().amax(1).clamp(min=0)
        e = torch.exp(s + b["bar"] - top[:, None])
        null = torch.exp(-top)
        return (torch.log(null + e.sum(1)) - torch.log(b["base"] * null + (e * b["vote"]).sum(1))).mean()

    def gathered(Q, K, b):
        return torch.bmm(F.embedding(b["earlier"], K), F.embedding(b["current"], Q).unsqueeze(2)).squeeze(2)

    def gather(Q, K, b):
        return mixture(gathered(Q, K, b), b)

    def plain(Q, K, b):
        e = torch.exp(gathered(Q, K, b)) * b["mask"]
        return (torch.log1p(e.sum(1)) - torch.log(b["base"] + (e * b["vote"]).sum(1))).mean()

    def plain_sum(Q, K, b):
        s = (F.embedding(b["earlier"], K) * F.embedding(b["current"], Q).unsqueeze(1)).sum(2)
        e = torch.exp(s) * b["mask"]
        return (torch.log1p(e.sum(1)) - torch.log(b["base"] + (e * b["vote"]).sum(1))).mean()

    def dense(Q, K, b):
        return mixture((F.embedding(b["current"], Q) @ K.t()).gather(1, b["earlier"]), b)

    return {"gather": gather, "plain": plain, "plain-sum": plain_sum, "dense": dense}


def predict_batches(torch, p, variant):
    out = []
    for i in range(p.batches):
        mask = torch.from_numpy(p.mask[i].copy())
        b = {
            "current": torch.from_numpy(p.current[i]).long(),
            "earlier": torch.from_numpy(p.earlier[i]).long(),
            "mask": mask,
            "bar": torch.log(mask),
            "vote": torch.from_numpy(p.vote[i].copy()),
            "base": torch.from_numpy(p.base[i].copy()),
        }
        if variant == "manual-sparse":
            live = torch.nonzero(mask.view(-1)).squeeze(1)
            w = b["current"].repeat_interleave(p.L)
            u = b["earlier"].view(-1)
            for name, row, col in (("q", w, u), ("k", u, w)):
                order = live[torch.argsort(row[live], stable=True)]
                n = torch.bincount(row[order], minlength=p.V)
                b[name + "start"] = torch.cat([torch.zeros(1, dtype=torch.long), n.cumsum(0)]).int()
                b[name + "col"], b[name + "order"] = col[order].int(), order
        out.append(b)
    return out


class Manual:
    """The gradient by hand, with buffers that are kept."""

    def __init__(self, torch, p, Q, K, form):
        self.form = form
        self.torch, self.p, self.Q, self.K = torch, p, Q, K
        Q.grad, K.grad = torch.zeros_like(Q), torch.zeros_like(K)
        if p.task == "recall":
            n = p.B if form == "manual" else max(1, min(p.B, (1 << 20) // p.V))
            self.spans = [(lo, min(lo + n, p.B)) for lo in range(0, p.B, n)]
            self.s = torch.empty(n, p.V)
            self.lp = torch.empty(n, p.V)
            self.dq = Q.grad if p.full else torch.empty(p.B, p.R)

    def recall(self, b):
        torch, p = self.torch, self.p
        q = self.Q if p.full else self.Q[b["rows"]]
        loss = 0
        for lo, hi in self.spans:
            s, lp = self.s[: hi - lo], self.lp[: hi - lo]
            cells = b["cells"][b["start"][lo] : b["start"][hi]]
            live = b["live"][b["start"][lo] : b["start"][hi]]
            if lo > 0:
                cells = cells - lo * p.V
            torch.mm(q[lo:hi], self.K.t(), out=s)
            torch.log_softmax(s, 1, out=lp)
            flat = lp.view(-1)
            loss = loss - live @ flat[cells]
            lp.exp_().mul_(b["weight"][lo:hi, None])
            flat.index_add_(0, cells, live, alpha=-1)
            torch.mm(lp, self.K, out=self.dq[lo:hi])
            if lo == 0:
                torch.mm(lp.t(), q[lo:hi], out=self.K.grad)
            else:
                self.K.grad.addmm_(lp.t(), q[lo:hi])
        if not p.full:
            self.Q.grad.zero_().index_copy_(0, b["rows"], self.dq)
        return loss

    def predict(self, b):
        torch, p = self.torch, self.p
        k = self.K[b["earlier"].view(-1)].view(p.B, p.L, p.R)
        q = self.Q[b["current"]]
        e = torch.bmm(k, q.unsqueeze(2)).squeeze(2).exp_().mul_(b["mask"])
        under = 1 + e.sum(1)
        over = b["base"] + (e * b["vote"]).sum(1)
        loss = (torch.log(under) - torch.log(over)).mean()
        ds = e * ((1 / under)[:, None] - b["vote"] / over[:, None]) / p.B
        if self.form == "manual-sparse":
            ds = ds.view(-1)
            rows = torch.sparse_csr_tensor(b["qstart"], b["qcol"], ds[b["qorder"]], (p.V, p.V))
            keys = torch.sparse_csr_tensor(b["kstart"], b["kcol"], ds[b["korder"]], (p.V, p.V))
            torch.mm(rows, self.K, out=self.Q.grad)
            torch.mm(keys, self.Q, out=self.K.grad)
            return loss
        dq = torch.bmm(ds.unsqueeze(1), k).squeeze(1)
        self.Q.grad.zero_().index_add_(0, b["current"], dq)
        dk = ds.unsqueeze(2) * q.unsqueeze(1)
        self.K.grad.zero_().index_add_(0, b["earlier"].view(-1), dk.view(-1, p.R))
        return loss


class Trainer:
    def __init__(self, torch, p, variant, compiled):
        self.p, self.i = p, 0
        form, _, whole = variant.partition("+")
        table, batches = (recall_losses, recall_batches) if p.task == "recall" else (predict_losses, predict_batches)
        self.batches = batches(torch, p, form)
        Q, K = torch.from_numpy(p.Q.copy()), torch.from_numpy(p.K.copy())
        a = p.adam
        if whole:
            self.one = self.whole(torch, table(torch, p)[form], Q, K)
            return
        Q, K = torch.nn.Parameter(Q), torch.nn.Parameter(K)
        opt = torch.optim.Adam([Q, K], lr=a["rate"], betas=(a["beta1"], a["beta2"]), eps=a["epsilon"], fused=True)
        if form in ("manual", "manual-sparse", "blocks"):
            m = Manual(torch, p, Q, K, form)
            gradient = torch.no_grad()(m.recall if p.task == "recall" else m.predict)

            def one(b):
                loss = gradient(b)
                opt.step()
                return loss
        else:
            f = table(torch, p)[form]
            if compiled:
                f = torch.compile(f)

            def one(b):
                opt.zero_grad(set_to_none=True)
                loss = f(Q, K, b)
                loss.backward()
                opt.step()
                return loss.detach()
        self.one = one

    def whole(self, torch, f, Q, K):
        a = self.p.adam
        b1, b2, eps, rate = a["beta1"], a["beta2"], a["epsilon"], a["rate"]
        state = [torch.zeros_like(x) for x in (Q, K, Q, K)]

        def update(x, g, m, v, c1, c2):
            m.mul_(b1).add_(g, alpha=1 - b1)
            v.mul_(b2).addcmul_(g, g, value=1 - b2)
            x.sub_(rate * (m * c1) / (torch.sqrt(v * c2) + eps))

        def step(Q, K, mq, mk, vq, vk, b, c1, c2):
            (dq, dk), loss = torch.func.grad_and_value(f, argnums=(0, 1))(Q, K, b)
            update(Q, dq, mq, vq, c1, c2)
            update(K, dk, mk, vk, c1, c2)
            return loss

        step = torch.compile(step)
        # the corrections are tensors, so that no step is compiled anew
        c1 = [torch.tensor(1 / (1 - b1**t)) for t in range(1, 400)]
        c2 = [torch.tensor(1 / (1 - b2**t)) for t in range(1, 20001)]
        self.t = 0

        def one(b):
            self.t += 1
            at = self.t - 1
            with torch.no_grad():
                return step(Q, K, *state, b, c1[min(at, len(c1) - 1)], c2[min(at, len(c2) - 1)])

        return one

    def step(self):
        loss = self.one(self.batches[self.i % self.p.batches])
        self.i += 1
        return loss

    def losses(self, n):
        return [self.step().item() for _ in range(n)]

    def run(self, n):
        for _ in range(n):
            self.step()


def main():
    why = peer.missing("numpy", "torch")
    if why:
        return peer.refuse(why)
    import torch
    import warnings

    warnings.simplefilter("ignore")  # CSR is called beta
    mode = sys.argv[-2]
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", CORES)))
    p = peer.Problem(sys.argv[-1])
    small = ["dense"] * (p.B * p.V < 1 << 24)
    variants = {
        ("recall", "eager"): ["gather", "gather-softmax", "cross-entropy", "log-softmax", "sparse"],
        ("recall", "manual"): ["manual", "blocks"],
        ("recall", "compile"): [f + s for s in ("", "+step") for f in ("gather", "gather-softmax", "cross-entropy")],
        ("predict", "eager"): ["gather", "plain", "plain-sum"] + small,
        ("predict", "manual"): ["manual", "manual-sparse"],
        ("predict", "compile"): [f + s for s in ("", "+step") for f in ("gather", "plain", "plain-sum")],
    }[p.task, mode]

    def start(variant):
        torch._dynamo.reset()
        return Trainer(torch, p, variant, mode == "compile")

    name = {"eager": "PyTorch eager", "manual": "PyTorch by hand", "compile": "torch.compile"}[mode]
    peer.serve(name, torch.__version__.split("+")[0], variants, start)


main()
