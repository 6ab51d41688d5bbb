"""Counts a text with collections.Counter: TABLE CONTEXT TEXT OUT."""

import sys
from collections import Counter


def transitions(words, context):
    return zip(words, words[1:])


def cooccurrences(words, context):
    for i in range(1, len(words) - 1):
        w = words[i]
        for u in set(words[max(0, i - context) : i]):
            yield w, u


def main(table, context, text, out):
    seen = {"transitions": transitions, "cooccurrences": cooccurrences}[table]
    counts = Counter()
    with open(text, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            counts.update(seen(line[:-1].split(" "), int(context)))
    with open(out, "w", encoding="utf-8", newline="\n") as rows:
        rows.writelines(f"{a}\t{b}\t{n}\n" for (a, b), n in counts.items())


main(*sys.argv[1:])
