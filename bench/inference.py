"""Compares inference with decant's IR, with the IR of OpenVINO's converter and with TensorFlow, in turns in one process.

    python bench/inference.py [--runs N] [--size HEIGHTxWIDTH] [--json FILE] MODEL...

Needs the Python packages openvino, tensorflow-cpu (2.15) and numpy. Each model is a SavedModel folder of a detector with an
image as its input. All run on two threads in f32, with f32 weights. Before anything is timed, the detections of both IRs
are matched with those of TensorFlow: the same class, a score within 0.01 and an IoU above 0.95. Prints the median latency
of each, the ratios to decant's, and how much of decant's time is spent in convolutions and matrix products.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.update(CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3", OMP_NUM_THREADS="2")

import numpy as np
import openvino as ov
import tensorflow as tf

DECANT = str(Path(__file__).parents[1] / "bin" / "decant.js")
CONFIG = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 2, "INFERENCE_PRECISION_HINT": "f32"}
NETWORK = ("Convolution", "GroupConvolution", "Deconvolution", "MatMul", "FullyConnected")


def image_of(size, seed=1):
    """Smooth random waves with noise: u8 [1, height, width, 3]."""
    height, width = size
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / random.uniform(9, 60) + y / random.uniform(9, 60) + random.uniform(0, 6)) for _ in range(3)]
    return np.clip(127 + 90 * np.stack(waves, -1) + random.normal(0, 12, (height, width, 3)), 0, 255).astype("u1")[None]


def compiled_infer(xml):
    compiled = ov.Core().compile_model(xml, "CPU", CONFIG)
    request = compiled.create_infer_request()

    def infer(image):
        request.infer({0: image})
        return {name: request.get_tensor(port).data for port in compiled.outputs for name in port.names}

    return infer


def tensorflow_infer(folder):
    signature = tf.saved_model.load(folder).signatures["serving_default"]
    (name,) = signature.structured_input_signature[1]
    return lambda image: {key: value.numpy() for key, value in signature(**{name: tf.constant(image)}).items()}


def network_share(xml, image):
    """The part of the time that is spent in convolutions and matrix products, with what is fused into them."""
    request = ov.Core().compile_model(xml, "CPU", {**CONFIG, "PERF_COUNT": True}).create_infer_request()
    for _ in range(3):
        request.infer({0: image})
    times = [(info.node_type, info.real_time.total_seconds()) for info in request.get_profiling_info()]
    return sum(seconds for kind, seconds in times if kind in NETWORK) / sum(seconds for _, seconds in times)


def overlap(a, b):
    top, left = np.maximum(a[:2], b[:2])
    bottom, right = np.minimum(a[2:], b[2:])
    shared = max(0.0, bottom - top) * max(0.0, right - left)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return shared / union if union > 0 else float(np.abs(a - b).max() < 1e-3)


def matched(expected, actual):
    """Counts the detections of `expected` that `actual` has, one to one."""
    fields = [f"detection_{field}" for field in ("classes", "scores", "boxes")]
    rows = list(zip(*(actual[field][0] for field in fields)))
    count = 0
    for kind, score, box in zip(*(expected[field][0] for field in fields)):
        for i, (other_kind, other_score, other_box) in enumerate(rows):
            if kind == other_kind and abs(score - other_score) < 0.01 and overlap(box, other_box) > 0.95:
                del rows[i]
                count += 1
                break
    return count


def compare(model, runs, image, folder):
    subprocess.run(["node", DECANT, "convert", model, "-o", f"{folder}/ours.xml", "--no-fp16"], check=True,
                   stdout=subprocess.DEVNULL)
    ov.save_model(ov.convert_model(model), f"{folder}/official.xml", compress_to_fp16=False)
    peers = {"decant": compiled_infer(f"{folder}/ours.xml"), "official": compiled_infer(f"{folder}/official.xml"),
             "tensorflow": tensorflow_infer(model)}
    answers = {name: infer(image) for name, infer in peers.items()}
    total = len(answers["tensorflow"]["detection_scores"][0])
    times = {name: [] for name in peers}
    for _ in range(runs):
        for name, infer in peers.items():
            start = time.perf_counter()
            infer(image)
            times[name].append(1e3 * (time.perf_counter() - start))
    ms = {name: statistics.median(values) for name, values in times.items()}
    return {"model": Path(model).name, "ms": ms,
            "matched": {name: [matched(answers["tensorflow"], answers[name]), total] for name in ("decant", "official")},
            "official / decant": ms["official"] / ms["decant"], "tensorflow / decant": ms["tensorflow"] / ms["decant"],
            "whole / network": 1 / network_share(f"{folder}/ours.xml", image)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--size", default="480x640")
    parser.add_argument("--json")
    options = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(2)
    image = image_of([int(number) for number in options.size.split("x")])
    results = []
    for model in options.models:
        with tempfile.TemporaryDirectory() as folder:
            result = compare(model, options.runs, image, folder)
        results.append(result)
        ms = result["ms"]
        print(f"{result['model']}: {ms['decant']:.1f} ms, official {ms['official']:.1f}, TensorFlow {ms['tensorflow']:.1f};"
              f" {result['official / decant']:.2f}x and {result['tensorflow / decant']:.2f}x;"
              f" whole / network {result['whole / network']:.2f}; matched {result['matched']}", flush=True)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    sys.exit(main())
