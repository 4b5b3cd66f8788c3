"""Checks a server with the clients that others publish: tritonclient over HTTP and gRPC, and OpenVINO's Model API.

Arguments: address of HTTP, address of gRPC, path of an image. The server has the models `liveness` (a classifier), `centernet`
(a detector) and `ssd` (the same detector with one DetectionOutput tensor).
"""

import json
import sys
import urllib.error
import urllib.request

import numpy as np
import tritonclient.grpc as grpc_client
import tritonclient.http as http_client
from PIL import Image
from tritonclient.utils import InferenceServerException

HTTP, GRPC, PHOTO = sys.argv[1:]
CLIENTS = [
    (http_client, http_client.InferenceServerClient(HTTP)),
    (grpc_client, grpc_client.InferenceServerClient(GRPC)),
]
passed = failed = 0


def check(name, work):
    global passed, failed
    try:
        work()
        passed += 1
    except Exception as error:  # a client may raise anything
        failed += 1
        print(f'failed: {name}: {type(error).__name__}: {error}')


def equal(found, expected):
    assert found == expected, f'{found!r} instead of {expected!r}'


def metadata_of(client, model):
    found = client.get_model_metadata(model)
    if isinstance(found, dict):
        return found
    tensors = lambda ports: [{'name': port.name, 'datatype': port.datatype, 'shape': list(port.shape)} for port in ports]
    return {'name': found.name, 'versions': list(found.versions), 'inputs': tensors(found.inputs), 'outputs': tensors(found.outputs)}


def input_of(module, port, array, datatype=None, **options):
    tensor = module.InferInput(port['name'], array.shape, datatype or port['datatype'])
    tensor.set_data_from_numpy(array, **options)
    return tensor


def state(module, client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready('liveness')
    assert client.is_model_ready('liveness', '1')
    metadata = metadata_of(client, 'liveness')
    equal(metadata['versions'], ['1'])
    equal(metadata['inputs'], [{'name': 'conv2d_1_input', 'datatype': 'FP32', 'shape': [1, 32, 32, 3]}])
    server = client.get_server_metadata()
    equal(server['name'] if isinstance(server, dict) else server.name, 'decant')


IMAGE = np.random.default_rng(1).random((1, 32, 32, 3), np.float32)


def infer(module, client, **options):
    metadata = metadata_of(client, 'liveness')
    tensors = [input_of(module, metadata['inputs'][0], IMAGE, **options)]
    result = client.infer('liveness', tensors, request_id='7')
    response = result.get_response()
    equal(response['id'] if isinstance(response, dict) else response.id, '7')
    return result.as_numpy(metadata['outputs'][0]['name'])


def outputs_as_json(module, client):
    metadata = metadata_of(client, 'liveness')
    name = metadata['outputs'][0]['name']
    wanted = [module.InferRequestedOutput(name, binary_data=False)]
    result = client.infer('liveness', [input_of(module, metadata['inputs'][0], IMAGE, binary_data=False)], outputs=wanted)
    assert np.allclose(result.as_numpy(name), infer(module, client))


def compressed(module, client, algorithm):
    metadata = metadata_of(client, 'liveness')
    name = metadata['outputs'][0]['name']
    tensors = [input_of(module, metadata['inputs'][0], IMAGE)]
    result = client.infer('liveness', tensors, request_compression_algorithm=algorithm)
    assert np.allclose(result.as_numpy(name), infer(module, client))


def several(module, client):
    """Requests that overlap get their own answers."""
    metadata = metadata_of(client, 'liveness')
    images = [IMAGE * factor for factor in (0.1, 0.5, 1.0, 0.2)]
    name = metadata['outputs'][0]['name']
    one_by_one = [client.infer('liveness', [input_of(module, metadata['inputs'][0], each)]).as_numpy(name) for each in images]
    if module is http_client:
        many = http_client.InferenceServerClient(HTTP, concurrency=4)
        waiting = [many.async_infer('liveness', [input_of(module, metadata['inputs'][0], each)]) for each in images]
        together = [request.get_result().as_numpy(name) for request in waiting]
        many.close()
    else:
        import queue

        answers = queue.Queue()
        for i, each in enumerate(images):
            client.async_infer(
                'liveness',
                [input_of(module, metadata['inputs'][0], each)],
                lambda result, error, i=i: answers.put((i, error or result.as_numpy(name))),
            )
        together = [answer for _, answer in sorted((answers.get(timeout=60) for _ in images), key=lambda pair: pair[0])]
    assert np.allclose(one_by_one, together)


def image_file(module, client):
    """An image file gives what its pixels give."""
    metadata = metadata_of(client, 'centernet')
    port, name = metadata['inputs'][0], metadata['outputs'][0]['name']
    file = np.array([open(PHOTO, 'rb').read()], dtype=object)
    from_file = client.infer('centernet', [input_of(module, port, file, 'BYTES')]).as_numpy(name)
    pixels = np.asarray(Image.open(PHOTO).convert('RGB').resize(port['shape'][2:0:-1], Image.BILINEAR))
    from_pixels = client.infer('centernet', [input_of(module, port, pixels[None].astype(np.float32))]).as_numpy(name)
    equal(from_file.shape, from_pixels.shape)
    assert np.abs(from_file[0, 0] - from_pixels[0, 0]).max() < 2, (from_file[0, 0], from_pixels[0, 0])


def refused(work, *texts):
    try:
        work()
    except InferenceServerException as error:
        for text in texts:
            assert text in str(error), f'{error} does not contain {text!r}'
        return
    raise AssertionError('it was accepted')


WRONG = {
    'another shape': (IMAGE[0], None, 'conv2d_1_input', 'got FP32[32,32,3]'),
    'another type': (IMAGE.astype(np.float64), 'FP64', 'conv2d_1_input', 'got FP64[1,32,32,3]'),
    'another name': (IMAGE, None, 'x', "no input 'x'"),
    'texts': (np.array([b'x'], dtype=object), 'BYTES', 'conv2d_1_input', 'takes no BYTES'),
}


def wrong(module, client, array, datatype, name, text):
    port = {'name': name, 'datatype': 'FP32'}
    status = '400' if module is http_client else 'INVALID_ARGUMENT'
    refused(lambda: client.infer('liveness', [input_of(module, port, array, datatype)]), status, text)


def unknown_model(module, client):
    status = '404' if module is http_client else 'NOT_FOUND'
    refused(lambda: client.get_model_metadata('none'), status, "no model 'none'")
    port = metadata_of(client, 'liveness')['inputs'][0]
    refused(lambda: client.infer('none', [input_of(module, port, IMAGE)]), status)
    refused(lambda: client.infer('liveness', [input_of(module, port, IMAGE)], model_version='9'), status)


def wrong_output(module, client):
    port = metadata_of(client, 'liveness')['inputs'][0]
    outputs = [module.InferRequestedOutput('x')]
    refused(lambda: client.infer('liveness', [input_of(module, port, IMAGE)], outputs=outputs), "no output 'x'")


def model_api():
    """Model API finds the same objects as the server's own detection API."""
    from model_api.models import Model

    model = Model.create_model(f'{HTTP}/v2/models/ssd')
    photo = np.asarray(Image.open(PHOTO).convert('RGB'))[:, :, ::-1]
    result = model(np.ascontiguousarray(photo))
    found = sorted(zip(result.scores, result.label_names, result.bboxes.tolist()), reverse=True)
    request = urllib.request.Request(f'http://{HTTP}/v1/models/centernet/detect?threshold=0.5', open(PHOTO, 'rb').read())
    request.add_header('Content-Type', 'image/jpeg')
    detections = json.load(urllib.request.urlopen(request))['images'][0]['detections']
    equal([label for _, label, _ in found], [each['label'] for each in detections])
    for (score, _, box), each in zip(found, detections):
        assert abs(score - each['score']) < 0.02, (score, each)
        assert np.abs(np.array(box) - [each['box'][side] for side in ('xmin', 'ymin', 'xmax', 'ymax')]).max() < 6, (box, each)
    assert detections, 'nothing was found'


for module, client in CLIENTS:
    kind = module.__name__.split('.')[1]
    check(f'{kind} state', lambda: state(module, client))
    check(f'{kind} infer', lambda: infer(module, client))
    check(f'{kind} several', lambda: several(module, client))
    check(f'{kind} image file', lambda: image_file(module, client))
    check(f'{kind} unknown model', lambda: unknown_model(module, client))
    check(f'{kind} unknown output', lambda: wrong_output(module, client))
    for name, case in WRONG.items():
        check(f'{kind} {name}', lambda: wrong(module, client, *case))
module, client = CLIENTS[0]
check('http and gRPC agree', lambda: equal(infer(*CLIENTS[0]).tolist(), infer(*CLIENTS[1]).tolist()))
check('http JSON', lambda: outputs_as_json(module, client))
check('http JSON input', lambda: infer(module, client, binary_data=False))
for algorithm in ('gzip', 'deflate'):
    check(f'http {algorithm}', lambda: compressed(module, client, algorithm))
check('Model API', model_api)
print(f'{passed} checks passed, {failed} failed')
sys.exit(1 if failed else 0)
