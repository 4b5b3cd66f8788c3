"""Compares conversions by decant and by OpenVINO's converter as whole cold processes, alternating between the two.

    python bench/conversion.py RUNS MODEL...

Needs the Python package openvino. Each model is a SavedModel folder. Both converters write an IR with f16 weights, their
default. Prints the median wall time and the peak resident memory for each model, and the ratios of decant to OpenVINO.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

DECANT = str(Path(__file__).parents[1] / "bin" / "decant.js")

OFFICIAL = """
import sys, openvino as ov
ov.save_model(ov.convert_model(sys.argv[1]), sys.argv[2])
"""


def run(command):
    """Runs a command. Returns the wall time in seconds and the peak memory in MB."""
    start = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, out, os.devnull, os.O_WRONLY, 0) for out in (1, 2)])
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def main(runs, *models):
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/model.xml"
        for model in models:
            ours, theirs = [], []
            for _ in range(int(runs)):
                ours.append(run(["node", DECANT, "convert", model, "-o", out]))
                theirs.append(run([sys.executable, "-c", OFFICIAL, model, out]))
            (seconds, memory), (official_seconds, official_memory) = (
                (statistics.median(s for s, _ in runs), max(m for _, m in runs)) for runs in (ours, theirs))
            print(f"{Path(model).name}: {seconds:.2f} s and {memory:.0f} MB against {official_seconds:.2f} s and {official_memory:.0f} MB,"
                  f" {seconds / official_seconds:.2f} of the time, {memory / official_memory:.2f} of the memory", flush=True)


main(*sys.argv[1:])
