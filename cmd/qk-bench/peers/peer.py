"""What the Python contestants have in common: the problem and the protocol.

See internal/wire for both. A peer calls serve(name, module, start): it imports
the named modules, and start(variant) returns an object with losses(n) and run(n).
"""

import importlib
import json
import os
import resource
import sys
import time


class Problem:
    """A problem: header fields as attributes, arrays by name as numpy arrays."""

    def __init__(self, folder):
        import numpy as np

        with open(os.path.join(folder, "problem.json")) as f:
            header = json.load(f)
        self.__dict__.update({k: v for k, v in header.items() if k != "arrays"})
        for a in header["arrays"]:
            x = np.fromfile(os.path.join(folder, a["name"] + ".bin"), dtype="<" + a["type"])
            setattr(self, a["name"], x.reshape(a["shape"]))


def missing(*modules):
    """Says why a module cannot be imported, or None."""
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as e:  # a broken installation raises anything
            return f"{name}: {e}".split("\n")[0]
    return None


def serve(name, version, variants, start):
    """Answers requests until told to quit. Anything else that is printed goes to
    standard error."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def say(**reply):
        print(json.dumps(reply), file=out, flush=True)

    say(ready=True, name=name, version=version, variants=variants)
    at, trainer = None, None
    for line in sys.stdin:
        ask = json.loads(line)
        if ask.get("quit"):
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            say(peak_bytes=peak if sys.platform == "darwin" else peak * 1024)
            return
        try:
            if ask.get("losses") or at != ask["variant"]:
                at, trainer = None, None  # frees the memory of the last one first
                trainer = start(ask["variant"])
                at = ask["variant"]
            reply = {}
            if ask.get("losses"):
                reply["losses"] = [float(x) for x in trainer.losses(ask["losses"])]
            if ask.get("run"):
                begin = time.perf_counter()
                trainer.run(ask["run"])
                reply["seconds"] = time.perf_counter() - begin
            say(**reply)
        except Exception as e:
            at, trainer = None, None
            say(error=f"{type(e).__name__}: {e}"[:400])


def refuse(why):
    """Tells the driver that the peer is not installed."""
    print(json.dumps({"missing": True, "error": why}), flush=True)
