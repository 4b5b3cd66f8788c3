"""Prepares the comparison of YOLO with Ultralytics' own post-processing: see bench/yolo.mjs.

    python bench/yolo_peer.py onnx FOLDER NAME IMAGE...     with ultralytics 8.4.190, torch, onnx 1.16, onnxslim
    python bench/yolo_peer.py tensorflow FOLDER NAME        with onnx2tf 1.28.8, tensorflow-cpu 2.15.1, tf_keras 2.15.1

NAME is a configuration of Ultralytics, such as yolov8n-seg. Its weights are seeded, and its normalization is measured on the images, so that
scores are spread. The first command writes FOLDER/NAME.onnx and what Ultralytics finds; the second does what `format=saved_model` does. Images
are scaled to fit into the model's input and stored as PNG, because a network with random weights amplifies what decoders of JPEG differ by.
"""

import base64
import json
import sys
from pathlib import Path

SIDE = 320


def onnx(folder, name, files):
    import numpy as np
    import torch
    from PIL import Image
    from ultralytics import YOLO

    images = []
    for file in files:
        image = Image.open(file).convert('RGB')
        image.thumbnail((SIDE, SIDE))
        image.save(folder / f'{Path(file).stem}.png')
        images.append(image)
    framed = np.full([len(images), 3, SIDE, SIDE], 114 / 255, np.float32)
    for frame, image in zip(framed, images):
        top, left = (SIDE - image.height) // 2, (SIDE - image.width) // 2
        frame[:, top:top + image.height, left:left + image.width] = np.asarray(image).transpose(2, 0, 1) / 255
    torch.manual_seed(7)
    model = YOLO(f'{name}.yaml').model
    spread(model, torch.from_numpy(framed))
    torch.save({'model': model, 'train_args': {}}, folder / f'{name}.pt')
    exported = YOLO(folder / f'{name}.pt').export(format='onnx', imgsz=SIDE, simplify=True, opset=17)
    # Models with two heads predict with the other one before the export.
    peer = YOLO(exported, task='segment' if name.endswith('-seg') else 'pose' if name.endswith('-pose') else 'detect')
    found = {}
    for file in files:
        path = folder / f'{Path(file).stem}.png'
        [result] = peer.predict(path, imgsz=SIDE, conf=0.25, iou=0.7, rect=False, max_det=300, verbose=False)
        found[path.name] = [entry(result, i) for i in range(len(result.boxes))]
    (folder / f'{name}.json').write_text(json.dumps(found))


def spread(model, x):
    """Measures normalization on the images, and scales the last layers so that some candidates score high."""
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
            module.reset_running_stats()
    with torch.no_grad():
        model.train()(x)
        model.eval()
    head = model.model[-1]
    for attribute, deviation, quantile in [('cv2', 1.5, None), ('cv3', 1, 0.97), ('one2one_cv2', 1.5, None), ('one2one_cv3', 1, 0.97)]:
        for sequence in getattr(head, attribute, None) or []:
            last, seen = sequence[-1], []
            torch.nn.init.normal_(last.weight, std=0.1)
            last.bias.data.zero_()
            hook = last.register_forward_hook(lambda _, __, output: seen.append(output))
            with torch.no_grad():
                model(x)
            hook.remove()
            factor = deviation / seen[0].std().item()
            last.weight.data.mul_(factor)
            if quantile is not None:
                last.bias.data.sub_(torch.quantile((factor * seen[0]).amax(1).flatten(), quantile) + 1.1)


def entry(result, i):
    import numpy as np

    found = {'box': result.boxes.xyxy[i].tolist(), 'score': float(result.boxes.conf[i]), 'classId': int(result.boxes.cls[i])}
    if result.keypoints is not None:
        found['keypoints'] = result.keypoints.data[i].tolist()
    if result.masks is not None:
        height, width = result.orig_shape
        top, left = (SIDE - height) // 2, (SIDE - width) // 2
        mask = result.masks.data[i].numpy()[top:top + height, left:left + width] > 0.5
        found['mask'] = base64.b64encode(np.packbits(mask)).decode()
    return found


def tensorflow(folder, name):
    import onnx2tf

    onnx2tf.convert(
        input_onnx_file_path=str(folder / f'{name}.onnx'), output_folder_path=str(folder / f'{name}_saved_model'),
        not_use_onnxsim=True, verbosity='error', enable_batchmatmul_unfold=True, output_signaturedefs=True)


if __name__ == '__main__':
    command, folder, name, *files = sys.argv[1:]
    {'onnx': onnx, 'tensorflow': tensorflow}[command](Path(folder), name, *([files] if command == 'onnx' else []))
