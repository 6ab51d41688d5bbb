"""Holds the event files of runs against their logs and records, as TensorBoard reads
them.

usage: events.py RUNS, a folder of runs with event files, some without a result.
"""

import glob
import html
import json
import os
import sys

import numpy
from tensorboard import context
from tensorboard.backend.event_processing import data_provider, event_accumulator
from tensorboard.backend.event_processing import plugin_event_multiplexer
from tensorboard.plugins import base_plugin
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.hparams import api_pb2, backend_context
from tensorboard.plugins.hparams import get_experiment, list_session_groups

logdir = sys.argv[1]
runs = sorted(os.path.dirname(p) for p in glob.glob(os.path.join(logdir, "**", "run.json"), recursive=True))
records = {os.path.relpath(r, logdir): json.load(open(os.path.join(r, "run.json"), encoding="utf-8")) for r in runs}
compared = 0


def same(what, got, want):
    global compared
    want = float(numpy.float32(want))  # which is what TensorBoard keeps
    assert got == want, f"{what}: {got}, want {want}"
    compared += 1


every = {event_accumulator.SCALARS: 0, event_accumulator.IMAGES: 0, event_accumulator.TENSORS: 0}
for name, record in records.items():
    folder = os.path.join(logdir, name)
    files = glob.glob(os.path.join(folder, "events.out.tfevents.*"))
    assert len(files) == 1, files
    a = event_accumulator.EventAccumulator(folder, size_guidance=every)
    a.Reload()
    tags = a.Tags()
    metrics = [json.loads(line) for line in open(os.path.join(folder, "metrics.jsonl"), encoding="utf-8")]
    result = record.get("result")
    for tag, key in ("loss/learned", "loss"), ("descent/penalty", "penalty"), ("descent/gradient_norm", "grad_norm"), ("descent/rate", "rate"), ("loss/tuning", "tuning"):
        want = [m for m in metrics if key in m]
        assert (tag in tags["scalars"]) == bool(want), tag
        if not want:
            continue
        got = a.Scalars(tag)
        assert [e.step for e in got] == [m["step"] for m in want], f"{name}: steps of {tag}"
        for e, m in zip(got, want):
            same(f"{name}: {tag} at {e.step}", e.value, m[key])
    walls = [e.wall_time for e in a.Scalars("loss/learned")]
    assert walls == sorted(walls)
    texts = a.Tensors("custom_scalars__config__")
    layout = layout_pb2.Layout.FromString(texts[0].tensor_proto.string_val[0])
    assert [len(c.chart) for c in layout.category] == [3]
    if not result:
        assert tags["images"] == [] and "result/loss" not in tags["scalars"]
        continue
    for line, loss in result["lines"].items():
        tag = "lines/" + {"unigram": "no_word"}.get(line, line)
        assert (tag in tags["scalars"]) == (loss is not None), tag
        if loss is not None:
            for e in a.Scalars(tag):
                same(f"{name}: {tag}", e.value, loss)
            assert a.Scalars(tag)[0].step == metrics[0]["step"] and a.Scalars(tag)[-1].step == metrics[-1]["step"]
    same(f"{name}: result/loss", a.Scalars("result/loss")[0].value, result["loss"])
    if result["heldout"]:
        same(f"{name}: heldout/learned", a.Scalars("heldout/learned")[0].value, result["heldout"]["loss"])
    assert len(tags["images"]) >= 1, tags["images"]
    for tag in tags["images"]:
        (image,) = a.Images(tag)
        png = image.encoded_image_string
        assert png.startswith(b"\x89PNG\r\n\x1a\n"), tag
        assert (int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")) == (image.width, image.height), tag
    verdict = html.unescape(a.Tensors("verdict/text_summary")[0].tensor_proto.string_val[0].decode("utf-8"))
    assert ("PASS" if result["pass"] else "FAIL") in verdict
    for check in result["checks"]:
        assert check["name"] in verdict, check

# The tab HPARAMS, as its own code makes it.
multiplexer = plugin_event_multiplexer.EventMultiplexer()
multiplexer.AddRunsFromDirectory(logdir)
multiplexer.Reload()
provider = data_provider.MultiplexerDataProvider(multiplexer, logdir)
tb = base_plugin.TBContext(data_provider=provider, multiplexer=multiplexer, logdir=logdir)
backend, request = backend_context.Context(tb), context.RequestContext()
experiment = get_experiment.Handler(request, backend, "", api_pb2.GetExperimentRequest()).run()
assert [h.name for h in experiment.hparam_infos][:5] == ["corpus", "l2", "lr", "rank", "seed"]
ask = api_pb2.ListSessionGroupsRequest(slice_size=1000, allowed_statuses=[0, 1, 2, 3])
for metric in experiment.metric_infos:
    ask.col_params.add().metric.CopyFrom(metric.name)
groups = list_session_groups.Handler(request, backend, "", ask).run().session_groups
assert sorted(g.name for g in groups) == sorted(records), [g.name for g in groups]
for g in groups:
    record = records[g.name]
    got = {name: getattr(v, v.WhichOneof("kind")) for name, v in g.hparams.items()}
    assert got == record["config"], (got, record["config"])
    compared += len(got)
    figures = {m.name.tag: m.value for m in g.metric_values}
    if "result" in record:
        same(f"{g.name}: loss of the session", figures["result/loss"], record["result"]["loss"])
        assert g.sessions[0].status == api_pb2.STATUS_SUCCESS
    else:
        assert "result/loss" not in figures and g.sessions[0].status != api_pb2.STATUS_SUCCESS
print(compared)
