"""The Python counterpart of `decant detect FOLDER --json` in bench/pipeline.mjs.

    python bench/pipeline_peer.py IR FOLDER

OpenCV decodes images while OpenVINO's AsyncInferQueue infers. Prints the detections with a score of at least 0.5.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import openvino as ov

THRESHOLD = 0.5

ir, folder = sys.argv[1:]
config = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": "f32"}
queue = ov.AsyncInferQueue(ov.Core().compile_model(ir, "CPU", config))
found = {}


def read(request, job):
    path, (height, width) = job
    boxes, scores, classes, count = (
        request.get_tensor(name).data[0]
        for name in ("detection_boxes", "detection_scores", "detection_classes", "num_detections")
    )
    kept = np.flatnonzero(scores[: int(count)] >= THRESHOLD)
    limits = [height, width, height, width]
    pixels = np.clip(boxes[kept, :4] * limits, 0, limits).tolist()
    found[path] = [
        {"classId": int(label), "score": score, "box": {"xmin": xmin, "ymin": ymin, "xmax": xmax, "ymax": ymax}}
        for label, score, (ymin, xmin, ymax, xmax) in zip(classes[kept].tolist(), scores[kept].tolist(), pixels)
    ]


queue.set_callback(read)
paths = sorted(Path(folder).glob("*.jpg"))
for path in paths:
    image = cv2.cvtColor(cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    queue.start_async({0: image[None]}, (path, image.shape[:2]))
queue.wait_all()
print(json.dumps({"images": [{"file": str(path), "detections": found[path]} for path in paths]}))
