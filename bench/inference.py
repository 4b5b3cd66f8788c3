"""Compares inference with decant's IR, with that of OpenVINO's converter and with TensorFlow, in turns in one process.

    python bench/inference.py [options] MODEL...

Needs the packages of bench/requirements.txt. A model is a SavedModel folder or frozen graph of a detector with one image as
its input, or the JSON of a TensorFlow.js model. Peers are decant's IR, the IR of OpenVINO's converter, the same with the
stability of every TopK switched off, TensorFlow, and TensorFlow.js. Weights are f32. Before anything is timed in f32, the
answers of each are matched with TensorFlow's. Prints JSON, or writes it to --json.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

os.environ.update(CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3")

import numpy as np
import openvino as ov

from matching import matched
from naming import log, name_of
from peers import OpenVino, TensorFlow, TensorFlowJs
from roofline import GFLOP, gflop, peak_models

DECANT = str(Path(__file__).parents[1] / "bin" / "decant.js")

# What the network itself consists of; other ops are what surrounds it.
NETWORK = ("Convolution", "GroupConvolution", "Deconvolution", "MatMul", "FullyConnected", "EmbeddingBagPacked")

# Least seconds of a turn in latency mode.
TURN = 0.1

# Turns of each peer in throughput mode.
TURNS = 4

# Part of the answers that must match.
MATCHED = 0.98


def image_of(shape, kind, seed, objects):
    """Smooth random waves, discs and boxes of one color each, and noise, 0..255: [1, height, width, 3]."""
    _, height, width, _ = shape
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / random.uniform(9, 60) + y / random.uniform(9, 60) + random.uniform(0, 6)) for _ in range(3)]
    image = 127 + 90 * np.stack(waves, -1)
    for i in range(objects):
        down, across = [abs(at - random.uniform(0, size)) / (size * random.uniform(0.03, 0.2))
                        for at, size in ((y, height), (x, width))]
        inside = np.maximum(down, across) < 1 if i % 2 else np.hypot(down, across) < 1
        image[inside] = 0.3 * image[inside] + 0.7 * random.uniform(0, 255, 3)
    return np.clip(image + random.normal(0, 12, image.shape), 0, 255).astype(kind)[None]


def with_one_image(model):
    """The batch of an official IR is open if the model's is. Detectors of decant have the batch of their images then: 1."""
    image = model.input(0)
    if image.partial_shape[0].is_dynamic:
        model.reshape({image: [1, *list(image.partial_shape)[1:]]})
    return model


def write_irs(model, folder):
    """Writes the IRs that can be made of a model. Returns their paths by peer, and why others are absent."""
    irs = {"decant": f"{folder}/decant.xml"}
    log(f"{model}: converting")
    subprocess.run(["node", DECANT, "convert", model, "-o", irs["decant"], "--no-fp16", "--batch", "1"],
                   check=True, stdout=subprocess.DEVNULL)
    if model.endswith(".json"):
        return irs, {"official": "does not read models of TensorFlow.js"}
    official = Path(f"{folder}/official.xml")
    try:
        if not official.exists():
            ov.save_model(with_one_image(ov.convert_model(model)), official, compress_to_fp16=False)
    except Exception as error:
        return irs, {"official": str(error).strip().splitlines()[-1]}
    unstable = official.with_name("unstable.xml")
    unstable.write_text(official.read_text().replace('stable="true"', 'stable="false"'))
    if not unstable.with_suffix(".bin").exists():
        unstable.with_suffix(".bin").symlink_to("official.bin")
    return {**irs, "official": str(official), "unstable": str(unstable)}, {}


def other_peers(model, image, threads, folder):
    """Peers without OpenVINO: TensorFlow, or TensorFlow.js for its own models."""
    if model.endswith(".json"):
        return {"tfjs": TensorFlowJs(model, image, folder)}, {}
    try:
        return {"tensorflow": TensorFlow(model, threads)}, {}
    except Exception as error:
        return {}, {"tensorflow": str(error).strip().splitlines()[0]}


def failure(peer, image):
    """Why a peer cannot run on an image. IRs of OpenVINO's converter may fail where a model finds nothing."""
    try:
        peer.infer(image)
        return None
    except RuntimeError as error:
        return f"fails at inference: {' '.join(str(error).split())[:200]}"


def check(peers, image):
    """Counts the answers of each peer that match those of the last one, which is TensorFlow where it can load the model."""
    answers = {name: peer.answers() if isinstance(peer, TensorFlowJs) else peer.infer(image) for name, peer in peers.items()}
    *others, reference = answers
    counts = {name: matched(answers[reference], answers[name]) for name in others}
    wrong = {name: count for name, count in counts.items() if name != "unstable" and count[0] < MATCHED * count[1]}
    if wrong:
        raise ValueError(f"answers differ from those of {reference}: {wrong}")
    return reference, counts


def latencies(peers, image_by_peer, turns):
    """Median milliseconds of each peer, in turns. The first inference of a turn is not counted: the caches are another's."""
    times = {name: [] for name in peers}
    for _ in range(turns):
        for name, peer in peers.items():
            image = image_by_peer(name)
            peer.infer(image)
            start = end = perf_counter()
            while end - start < TURN:
                begin = end
                peer.infer(image)
                end = perf_counter()
                times[name].append(1e3 * (end - begin))
    return {name: statistics.median(values) for name, values in times.items()}


def throughputs(peers, image, seconds):
    """Images per second of each peer, in turns."""
    totals = {name: np.zeros(2) for name in peers}
    for _ in range(TURNS):
        for name, peer in peers.items():
            totals[name] += peer.stream(image, seconds / TURNS)
    return {name: count / duration for name, (count, duration) in totals.items()}


def compile_all(irs, precision, hint, options):
    return {name: OpenVino(xml, precision, hint, options.threads) for name, xml in irs.items()}


def run_latency(irs, others, image, precision, options, compiled):
    peers = compiled if precision == "f32" else compile_all(irs, precision, "latency", options)
    compile_ms = {name: peer.compile_ms for name, peer in peers.items()}
    profiled = OpenVino(irs["decant"], precision, "latency", options.threads, profile=True)
    peaks = {name: OpenVino(model, precision, "latency", options.threads) for name, model in peak_models().items()}
    inputs = {name: np.zeros(list(peak.compiled.input(0).shape), "f4") for name, peak in peaks.items()}
    everyone = {**peers, **others, "profiled": profiled, **peaks}
    ms = latencies(everyone, lambda name: inputs.get(name, image), options.runs)
    op_ms = profiled.op_times()
    peak = {name: GFLOP[name] / (ms[name] / 1e3) for name in peaks}
    network_ms = sum(op_ms.get(kind, 0) for kind in NETWORK)
    return {"ms": {name: ms[name] for name in [*peers, *others]}, "compile ms": compile_ms, "op ms": op_ms,
            "whole / network": sum(op_ms.values()) / network_ms if network_ms else None, "peak GFLOP/s": peak}


def run_throughput(irs, others, image, precision, options, _):
    peers = compile_all(irs, precision, "throughput", options)
    for peer in [*peers.values(), *others.values()]:
        peer.infer(image)
    return {"FPS": throughputs({**peers, **others}, image, options.seconds)}


def compare(model, options, folder):
    irs, absent = write_irs(model, folder)
    compiled = compile_all(irs, "f32", "latency", options)
    port = compiled["decant"].compiled.input(0)
    known = [size.get_length() if size.is_static else None for size in port.partial_shape]
    shape = [size or given for size, given in zip(known, (1, *options.size, 3))]
    image = image_of(shape, port.element_type.to_dtype(), options.seed, options.objects)
    failing = {name: error for name, peer in compiled.items() if name != "decant" and (error := failure(peer, image))}
    compiled = {name: peer for name, peer in compiled.items() if name not in failing}
    irs = {name: xml for name, xml in irs.items() if name not in failing}
    others, unloadable = other_peers(model, image, options.threads, folder)
    reference, counts = check({**compiled, **others}, image)
    work = gflop(irs["decant"], shape)
    result = {"model": name_of(model), "image": shape, "absent": {**absent, **failing, **unloadable}, "reference": reference,
              "matched": counts, "GFLOP": work, "runs": []}
    log(f"{name_of(model)}: {work:.2f} GFLOP, matched {counts}")
    for precision in options.precision:
        # TensorFlow has no other precision.
        rest = others if precision == "f32" else {}
        for hint in options.hint:
            run = {"latency": run_latency, "throughput": run_throughput}[hint]
            measured = run(irs, rest, image, precision, options, compiled)
            if hint == "latency":
                measured["roofline ms"] = 1e3 * work / max(measured["peak GFLOP/s"].values())
            result["runs"].append({"precision": precision, "hint": hint, **measured})
            log(f"{name_of(model)}: {precision}, {hint}: {measured.get('ms') or measured.get('FPS')}")
    return result


def processor():
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()) if Path("/proc/cpuinfo").exists() else None
    return found.group(1) if found else platform.processor()


def size_of(text):
    height, width = text.split("x")
    return int(height), int(width)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--runs", type=int, default=15, help="turns of each peer in latency mode")
    parser.add_argument("--seconds", type=float, default=8, help="duration for each peer in throughput mode")
    parser.add_argument("--size", type=size_of, default=(480, 640), help="HEIGHTxWIDTH of the image, if the model takes any")
    parser.add_argument("--seed", type=int, default=1, help="of the image")
    parser.add_argument("--objects", type=int, default=0,
                        help="discs and boxes on the image: OpenVINO's IR of keypoints fails if it finds nothing")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", nargs="+", choices=("f32", "default"), default=["f32", "default"])
    parser.add_argument("--hint", nargs="+", choices=("latency", "throughput"), default=["latency", "throughput"])
    parser.add_argument("--work", help="folder that keeps the IRs of OpenVINO's converter for the next time")
    parser.add_argument("--json", help="file for the results")
    options = parser.parse_args()
    results, failed = [], []
    for model in options.models:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(options.work or temporary, name_of(model)).resolve()
            folder.mkdir(parents=True, exist_ok=True)
            try:
                results.append(compare(model, options, folder))
            except (ValueError, RuntimeError, subprocess.CalledProcessError) as error:
                failed.append(model)
                log(f"{model}: {error}")
    report = {"processor": processor(), "threads": options.threads, "openvino": ov.get_version(), "models": results}
    text = json.dumps(report, indent=2)
    if options.json:
        Path(options.json).write_text(text)
    else:
        print(text)
    return f"failed: {', '.join(failed)}" if failed else 0


if __name__ == "__main__":
    sys.exit(main())
