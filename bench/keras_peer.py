"""Prepares the comparison of KerasHub's and KerasCV's detectors with their own post-processing: see bench/keras.mjs.

    python bench/keras_peer.py hub FOLDER IMAGE...     with keras-hub 0.32, keras 3.15, tensorflow-cpu 2.18
    python bench/keras_peer.py cv FOLDER IMAGE...      with keras-cv 0.9, keras 3.15, tensorflow-cpu 2.18

Weights are seeded, and the last layers are scaled so that scores are spread. Each model is exported as its network alone, and with its
decoder. FOLDER/cases-hub.json or FOLDER/cases-cv.json lists them, and what `predict` finds in the images: as they are; of the size of the
model's input; and smaller, so that they only need padding.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault('KERAS_BACKEND', 'tensorflow')
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

SIDE = 256
CLASSES = 20


def spread(model, images, outputs):
    """Scales the kernel and shifts the bias of each output's last layer, to a deviation and a mean."""
    for name, (layers, deviation, mean) in outputs.items():
        values = tensors(model, images)[name].astype('float64')
        if name == 'classes':
            # Probabilities, of logits.
            values = np.log(values / (1 - values))
        factor = deviation / values.std()
        shift = mean - factor * values.mean()
        for layer in layers:
            kernel, bias = layer.get_weights()
            layer.set_weights([factor * kernel, factor * bias + shift])


def tensors(model, images):
    return {name: np.asarray(value) for name, value in model(images, training=False).items()}


def pictures(folder, files):
    """Three forms of each photo, by name."""
    made = {}
    for file in files:
        photo = Image.open(file).convert('RGB')
        small = photo.copy()
        small.thumbnail((SIDE, SIDE))
        # Padding is the same on both sides.
        small = small.crop((0, 0, small.width - small.width % 2, small.height - small.height % 2))
        for form, image in {'photo': photo, 'exact': photo.resize((SIDE, SIDE)), 'padded': small}.items():
            path = folder / f'{Path(file).stem}-{form}.png'
            image.save(path)
            made[path.name] = np.asarray(image)
    return made


def export(model, folder, name, decode):
    signature = [tf.TensorSpec((1, SIDE, SIDE, 3), tf.float32, name='images')]
    paths = {}
    for kind, function in {'network': lambda images: model(images, training=False), 'decoded': decode}.items():
        archive = keras.export.ExportArchive()
        archive.track(model)
        archive.add_endpoint('serve', function, input_signature=signature)
        paths[kind] = f'{name}_{kind}'
        archive.write_out(str(folder / paths[kind]), verbose=False)
    return paths


def decoder(model):
    return lambda images: model.decode_predictions(model(images, training=False), images)


def found(output, classes, corners):
    """Detections of one image: corners in pixels of the model's input."""
    count = int(output['num_detections'][0])
    boxes = [corners(box) for box in np.asarray(output['boxes'])[0][:count].tolist()]
    scores = np.asarray(output['confidence'])[0][:count].tolist()
    ids = np.asarray(output[classes])[0][:count].tolist()
    return [{'box': box, 'score': score, 'classId': int(id)} for box, score, id in zip(boxes, scores, ids)]


YXYX = lambda box: [box[1], box[0], box[3], box[2]]
XYXY = lambda box: box
XYWH = lambda box: [box[0], box[1], box[0] + box[2], box[1] + box[3]]


def hub(folder, files):
    import keras_hub

    keras.utils.set_random_seed(7)
    shape = (SIDE, SIDE, 3)
    encoder = keras_hub.models.ResNetBackbone(
        input_conv_filters=[64], input_conv_kernel_sizes=[7], stackwise_num_filters=[64] * 4, stackwise_num_blocks=[1] * 4,
        stackwise_num_strides=[1, 2, 2, 2], block_type='basic_block', image_shape=shape)
    backbone = keras_hub.models.RetinaNetBackbone(image_encoder=encoder, min_level=3, max_level=7, use_p5=False, image_shape=shape)
    mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    converter = keras_hub.layers.RetinaNetImageConverter(
        image_size=(SIDE, SIDE), pad_to_aspect_ratio=True, crop_to_aspect_ratio=False,
        scale=[1 / (255 * d) for d in deviation], offset=[-m / d for m, d in zip(mean, deviation)])
    model = keras_hub.models.RetinaNetObjectDetector(backbone=backbone, num_classes=CLASSES)
    made = pictures(folder, files)
    inputs = {name: np.asarray(converter(image[None].astype('float32'))) for name, image in made.items()}
    heads = {'cls_logits': model.classification_head, 'bbox_regression': model.box_head}
    spread(model, np.concatenate(list(inputs.values())), {
        'cls_logits': ([heads['cls_logits'].prediction_layer], 1, -3), 'bbox_regression': ([heads['bbox_regression'].prediction_layer], 0.2, 0)})
    decode = decoder(model)
    paths = export(model, folder, 'hub_retinanet', decode)
    # In a graph, as in predict, the positions of boxes are rounded down, and some are lost.
    expected = {name: found(decode(image), 'labels', YXYX) for name, image in inputs.items()}
    predicted = {name: found(model.predict(image, verbose=0), 'labels', YXYX) for name, image in inputs.items()}
    return [{'model': paths['network'], 'head': None, 'pads': 'both', 'expected': expected},
            {'model': paths['decoded'], 'head': 'keras-hub:yxyx', 'pads': 'both', 'expected': predicted}]


def cv(folder, files):
    import keras_cv

    made = pictures(folder, files)
    resizing = keras_cv.layers.Resizing(SIDE, SIDE, pad_to_aspect_ratio=True)
    inputs = {name: np.asarray(resizing(image.astype('float32'))[None]) for name, image in made.items()}
    batch = np.concatenate(list(inputs.values()))
    cases = []
    keras.utils.set_random_seed(7)
    backbone = keras_cv.models.ResNetV2Backbone(
        stackwise_filters=[32, 32, 64, 64], stackwise_blocks=[2] * 4, stackwise_strides=[1, 2, 2, 2], include_rescaling=True,
        input_shape=(SIDE, SIDE, 3))
    retinanet = keras_cv.models.RetinaNet(num_classes=CLASSES, bounding_box_format='xyxy', backbone=backbone)
    spread(retinanet, batch, {
        'classification': ([retinanet.classification_head.prediction_layer], 1, -3), 'box': ([retinanet.box_head.prediction_layer], 1, 0)})
    yolo_backbone = keras_cv.models.YOLOV8Backbone(
        stackwise_channels=[16, 24, 32, 48], stackwise_depth=[1] * 4, include_rescaling=True, input_shape=(SIDE, SIDE, 3))
    yolo = keras_cv.models.YOLOV8Detector(num_classes=CLASSES, bounding_box_format='xywh', backbone=yolo_backbone, fpn_depth=1)
    ends = lambda suffix: [layer for layer in yolo.layers if layer.name.endswith(suffix)]
    spread(yolo, batch, {'classes': (ends('class_3_conv'), 1.5, -4), 'boxes': (ends('box_3_conv'), 1.5, 0)})
    for name, model, head, corners in [('cv_retinanet', retinanet, 'keras-cv:xyxy', XYXY), ('cv_yolov8', yolo, 'keras-cv:xywh', XYWH)]:
        paths = export(model, folder, name, decoder(model))
        expected = {file: found(decoder(model)(image), 'classes', corners) for file, image in inputs.items()}
        cases += [{'model': paths['network'], 'head': None, 'pads': 'end', 'expected': expected},
                  {'model': paths['decoded'], 'head': head, 'pads': 'end', 'expected': expected}]
    return cases


if __name__ == '__main__':
    command, folder, *files = sys.argv[1:]
    cases = {'hub': hub, 'cv': cv}[command](Path(folder), files)
    (Path(folder) / f'cases-{command}.json').write_text(json.dumps({'side': SIDE, 'cases': cases}))
