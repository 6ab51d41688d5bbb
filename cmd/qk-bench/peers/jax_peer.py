"""JAX, jit. Formulations as in torch_peer.py; "manual" gives the gradient by hand,
and so does "given", for which the dense T of every batch lies ready, as scattering
into it takes XLA longer than the rest.

"… loop" takes many steps in one call, which saves the dispatch of tiny steps.
Parameters and moments are donated, so that they are updated in place.
"""

import os
import sys

import peer


def recall_losses(jax, jnp, p):
    def scores(Q, K, b):
        return jnp.dot(Q if p.full else Q[b["rows"]], K.T)

    def lse(s):
        return jax.scipy.special.logsumexp(s, axis=1)

    def gather(Q, K, b):
        s = scores(Q, K, b)
        return b["weight"] @ lse(s) - b["target"] @ s[b["row"], b["col"]]

    def pulled(Q, K, b):
        # the scores at the cells from rows of Q and K, so that no scatter into
        # the whole matrix of scores is needed
        q = Q if p.full else Q[b["rows"]]
        s = (q[b["row"]] * K[b["col"]]).sum(1)
        return b["weight"] @ lse(jnp.dot(q, K.T)) - b["target"] @ s

    def dense(Q, K, b):
        T = b["dense"] if p.full else jnp.zeros((p.B, p.V), jnp.float32).at[b["row"], b["col"]].add(b["target"])
        return -(T * jax.nn.log_softmax(scores(Q, K, b), axis=1)).sum()

    return {"gather": gather, "pulled": pulled, "dense": dense}


def recall_manual(jax, jnp, p, given):
    def value_and_grad(QK, b):
        Q, K = QK
        q = Q if p.full else Q[b["rows"]]
        s = jnp.dot(q, K.T)
        top = s.max(1, keepdims=True)
        e = jnp.exp(s - top)
        total = e.sum(1, keepdims=True)
        if given:
            loss = (b["weight"] * (top + jnp.log(total))[:, 0]).sum() - (b["dense"] * s).sum()
            g = e * (b["weight"][:, None] / total) - b["dense"]
        else:
            loss = (b["weight"] * (top + jnp.log(total))[:, 0]).sum() - b["target"] @ s[b["row"], b["col"]]
            g = (e * (b["weight"][:, None] / total)).at[b["row"], b["col"]].add(-b["target"])
        dq = jnp.dot(g, K)
        dQ = dq if p.full else jnp.zeros_like(Q).at[b["rows"]].set(dq, unique_indices=True)
        return loss, (dQ, jnp.dot(g.T, q))

    return value_and_grad


def recall_batches(np, p, form):
    b = {k: getattr(p, k) for k in ("rows", "weight", "row", "col", "target")}
    if form == "given" or p.full and form in ("dense", "manual"):
        T = np.zeros((p.batches, p.B, p.V), np.float32)
        for i in range(p.batches):
            live = p.start[i][-1]
            T[i, p.row[i][:live], p.col[i][:live]] = p.target[i][:live]
        b["dense"] = T
    return b


def predict_losses(jax, jnp, p):
    def gathered(Q, K, b):
        return jnp.einsum("blr,br->bl", K[b["earlier"]], Q[b["current"]])

    def plain(Q, K, b):
        e = jnp.exp(gathered(Q, K, b)) * b["mask"]
        return (jnp.log1p(e.sum(1)) - jnp.log(b["base"] + (e * b["vote"]).sum(1))).mean()

    def shifted(s, b):
        top = jnp.maximum(jax.lax.stop_gradient(s).max(1), 0)
        e = jnp.exp(s - top[:, None]) * b["mask"]
        null = jnp.exp(-top)
        return (jnp.log(null + e.sum(1)) - jnp.log(b["base"] * null + (e * b["vote"]).sum(1))).mean()

    def gather(Q, K, b):
        return shifted(gathered(Q, K, b), b)

    def dense(Q, K, b):
        return shifted(jnp.take_along_axis(jnp.dot(Q[b["current"]], K.T), b["earlier"], axis=1), b)

    return {"plain": plain, "gather": gather, "dense": dense}


class Trainer:
    def __init__(self, p, variant):
        import jax
        import jax.numpy as jnp
        import numpy as np

        self.p, self.jax = p, jax
        form, _, loop = variant.partition(" ")
        if p.task == "recall":
            data = recall_batches(np, p, form)
        else:
            data = {k: getattr(p, k) for k in ("current", "earlier", "mask", "vote", "base")}
        if form in ("manual", "given"):
            gradient = recall_manual(jax, jnp, p, form == "given" or p.full)
        else:
            f = (recall_losses if p.task == "recall" else predict_losses)(jax, jnp, p)[form]
            gradient = jax.value_and_grad(lambda QK, b: f(*QK, b))
        a = p.adam
        b1, b2, eps, rate = a["beta1"], a["beta2"], a["epsilon"], a["rate"]

        def step(state, b):
            x, m, v, t = state
            loss, g = gradient(x, b)
            t = t + 1
            tree = jax.tree_util.tree_map
            m = tree(lambda m, g: b1 * m + (1 - b1) * g, m, g)
            v = tree(lambda v, g: b2 * v + (1 - b2) * g * g, v, g)
            c1, c2 = 1 - b1**t, 1 - b2**t
            x = tree(lambda x, m, v: x - rate * (m / c1) / (jnp.sqrt(v / c2) + eps), x, m, v)
            return (x, m, v, t), loss

        zeros = lambda: (jnp.zeros_like(p.Q), jnp.zeros_like(p.K))
        self.state = ((jnp.array(p.Q), jnp.array(p.K)), zeros(), zeros(), jnp.float32(0))
        self.i = 0
        self.single = jax.jit(step, donate_argnums=0)
        self.batches = [{k: jnp.array(x[i]) for k, x in data.items()} for i in range(p.batches)]
        self.many = None
        if loop:
            stacked = {k: jnp.array(x) for k, x in data.items()}

            def many(state, first, n, stacked):
                def body(i, s):
                    b = {k: x[i % p.batches] for k, x in stacked.items()}
                    return step(s, b)[0]

                return jax.lax.fori_loop(first, first + n, body, state)

            compiled = jax.jit(many, donate_argnums=0)
            self.many = lambda s, first, n: compiled(s, jnp.int32(first), jnp.int32(n), stacked)

    def step(self):
        self.state, loss = self.single(self.state, self.batches[self.i % self.p.batches])
        self.i += 1
        return loss

    def losses(self, n):
        return [float(self.step()) for _ in range(n)]

    def run(self, n):
        if self.many:
            self.state = self.many(self.state, self.i, n)
            self.i += n
        else:
            for _ in range(n):
                self.step()
        self.jax.block_until_ready(self.state)


def main():
    why = peer.missing("numpy", "jax")
    if why:
        return peer.refuse(why)
    import jax

    p = peer.Problem(sys.argv[-1])
    forms = ["gather", "pulled", "dense", "manual"] + ["given"] * (not p.full) if p.task == "recall" else ["plain", "gather"] + ["dense"] * (p.B * p.V < 1 << 24)
    variants = forms + [f + " loop" for f in forms]
    peer.serve("JAX jit", jax.__version__, variants, lambda v: Trainer(p, v))


main()
