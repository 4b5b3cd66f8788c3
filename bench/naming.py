"""What the scripts of this folder have in common: names of models, and messages besides the results."""

import sys
from pathlib import Path


def name_of(model):
    """The folder of `saved_model` or of `frozen_inference_graph.pb`, or the file."""
    path = Path(model)
    if path.name in ("saved_model", "frozen_inference_graph.pb"):
        return path.resolve().parent.name
    return path.stem if path.is_file() else path.name


def log(text):
    print(text, file=sys.stderr, flush=True)
