"""The Python counterpart of bench/pipeline.mjs: OpenVINO's AsyncInferQueue on the same IR and images.

    node bench/pipeline.mjs FOLDER
    pip install openvino==2026.4.1 numpy pillow
    python bench/pipeline_peer.py FOLDER

Pillow reads and resizes images while the queue infers, with the same filter as decant.
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
        image = Image.open(path).convert('RGB').resize((width, height), Image.Resampling.BILINEAR)
        queue.start_async({0: numpy.asarray(image, dtype=numpy.float32)[None]})
    queue.wait_all()


paths = sorted(folder.glob('*.jpg'))
run(paths[:8])
found[0] = 0
start = time.perf_counter()
run(paths)
seconds = time.perf_counter() - start
print(
    f'AsyncInferQueue: {1000 * seconds / len(paths):.1f} ms per image, {len(paths) / seconds:.1f} per second, '
    f'{found[0]} detections, requests: {len(queue)}'
)
