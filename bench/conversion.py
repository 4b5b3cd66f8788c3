"""Compares conversions by decant and by OpenVINO's converter as whole cold processes, in turns.

    python bench/conversion.py [--runs N] [--json FILE] MODEL...

Needs the Python package openvino. Models are SavedModel folders or frozen graphs. Both converters write an IR with f16
weights, their default. Prints, for each converter and model, the median wall time and CPU time in seconds and the peak
resident memory in MB.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from naming import log, name_of

DECANT = str(Path(__file__).parents[1] / "bin" / "decant.js")

OFFICIAL = """
import sys, openvino as ov
ov.save_model(ov.convert_model(sys.argv[1]), sys.argv[2])
"""


def run(command):
    """Runs a command. Returns its wall time and CPU time in seconds, and its peak memory in MB; nothing if it fails."""
    start = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, out, os.devnull, os.O_WRONLY, 0) for out in (1, 2)])
    _, status, usage = os.wait4(pid, 0)
    if status == 0:
        return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(model, runs, out):
    commands = {"decant": ["node", DECANT, "convert", model, "-o", out],
                "official": [sys.executable, "-c", OFFICIAL, model, out]}
    measured = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            measured[name].append(run(command))
    return {name: figures(outcomes) for name, outcomes in measured.items() if None not in outcomes}


def figures(outcomes):
    wall, cpu, memory = zip(*outcomes)
    return {"s": statistics.median(wall), "CPU s": statistics.median(cpu), "MB": max(memory)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", help="file for the results")
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for model in options.models:
            results.append({"model": name_of(model), **compare(model, options.runs, f"{folder}/model.xml")})
            log(results[-1])
    text = json.dumps({"models": results}, indent=2)
    if options.json:
        Path(options.json).write_text(text)
    else:
        print(text)


if __name__ == "__main__":
    main()
