"""Compares the detections of OpenVINO's Model API with those of decant for an IR with the ssd7 output layout.

Needs Python with `openvino-model-api`, and a build of decant:

    python bench/model_api_peer.py model.xml photo.jpg [photo.jpg ...] [--threshold 0.3]

Only the threshold and f32 precision are configured, as in decant; Model API reads everything else from the IR. Each box
is matched with the nearest box of the same label. Model API rounds boxes to pixels and resizes images differently; on
photos of the model's input size only the rounding differs.
"""

import argparse
import json
import subprocess
from pathlib import Path

import cv2
from model_api.adapters import OpenvinoAdapter, create_core
from model_api.models import Model

PROGRAM = Path(__file__).resolve().parent.parent / 'bin' / 'decant.js'


def ours(model, photo, threshold):
    command = ['node', str(PROGRAM), 'detect', model, photo, '--json', '--device', 'CPU', '--threshold', str(threshold)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [
        (each['label'].replace(' ', '_'), each['score'], [each['box'][side] for side in ('xmin', 'ymin', 'xmax', 'ymax')])
        for each in found['images'][0]['detections']
    ]


def theirs(model, photo):
    result = model(cv2.imread(photo))
    rows = zip(result.label_names, result.scores, result.bboxes)
    return [(str(label), float(score), [int(side) for side in box]) for label, score, box in rows]


def distance(one, other):
    return max(abs(a - b) for a, b in zip(one[2], other[2]))


def line(found):
    label, score, box = found
    return f'{label} {score:.3f} ' + ' '.join(f'{side:.0f}' for side in box)


def compare(model_path, model, photo, threshold):
    own, peer = ours(model_path, photo, threshold), theirs(model, photo)
    print(f'{photo}: decant {len(own)}, Model API {len(peer)}')
    pixels = scores = 0.0
    left = list(own)
    for found in peer:
        alike = [each for each in left if each[0] == found[0]]
        if not alike:
            print(f"  {'':44}{line(found)}")
            continue
        match = min(alike, key=lambda each: distance(each, found))
        left.remove(match)
        pixels, scores = max(pixels, distance(match, found)), max(scores, abs(match[1] - found[1]))
        print(f'  {line(match):44}{line(found)}')
    for each in left:
        print(f'  {line(each)}')
    print(f'  largest difference: {pixels:.1f} pixels, {scores:.4f} in score')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('model')
    parser.add_argument('photos', nargs='+')
    parser.add_argument('--threshold', type=float, default=0.5)
    options = parser.parse_args()
    configuration = {'confidence_threshold': options.threshold}
    precision = {'INFERENCE_PRECISION_HINT': 'f32'}
    adapter = OpenvinoAdapter(create_core(), options.model, device='CPU', plugin_config=precision)
    model = Model.create_model(adapter, configuration=configuration)
    print(f'{type(model).__name__} wrapper, {len(model.params.labels or [])} labels')
    for photo in options.photos:
        compare(options.model, model, photo, options.threshold)


if __name__ == '__main__':
    main()
