"""The task of bench/pipeline.mjs in Python: OpenVINO's AsyncInferQueue over the same IR and pictures.

    node bench/pipeline.mjs FOLDER
    pip install openvino==2026.4.1 numpy pillow
    python bench/pipeline_peer.py FOLDER

Pictures are read and scaled by Pillow while the queue infers, with the same filter as decant's.
"""

import sys
import time
from pathlib import Path

import numpy
import openvino
from PIL import Image

THRESHOLD = 0.3

folder = Path(sys.argv[1])
compiled = openvino.Core().compile_model(
    folder / 'model.xml',
    'CPU',
    {'PERFORMANCE_HINT': 'THROUGHPUT', 'INFERENCE_PRECISION_HINT': 'f32'},
)
_, height, width, _ = compiled.inputs[0].shape
rows = next(i for i, output in enumerate(compiled.outputs) if 'detections' in output.any_name)
found = [0]


def count(request, _):
    found[0] += int((request.get_output_tensor(rows).data[..., 4] >= THRESHOLD).sum())


queue = openvino.AsyncInferQueue(compiled)
queue.set_callback(count)


def run(paths):
    for path in paths:
        picture = Image.open(path).convert('RGB').resize((width, height), Image.Resampling.BILINEAR)
        queue.start_async({0: numpy.asarray(picture, dtype=numpy.float32)[None]})
    queue.wait_all()


paths = sorted(folder.glob('*.jpg'))
run(paths[:8])
found[0] = 0
start = time.perf_counter()
run(paths)
seconds = time.perf_counter() - start
print(
    f'AsyncInferQueue: {1000 * seconds / len(paths):.1f} ms a picture, {len(paths) / seconds:.1f} a second, '
    f'{found[0]} found, requests: {len(queue)}'
)
