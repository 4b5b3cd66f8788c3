"""The parts of bench/quantize.mjs in Python: quantizes with NNCF, and compares the outputs and the speed of models."""
import json
import resource
import sys
import time

import numpy as np
import openvino as ov
from PIL import Image

FILTERS = {'Convolution', 'GroupConvolution', 'ConvolutionBackpropData', 'MatMul'}
# What separates the network from its post-processing.
ENDS = {'NonMaxSuppression', 'ShapeOf', 'If', 'Loop', 'TopK'}
SETTINGS = {'INFERENCE_PRECISION_HINT': 'f32', 'PERFORMANCE_HINT': 'LATENCY'}
SECONDS = 8
SIDE = 512

core = ov.Core()


def reader_for(model):
    port = model.inputs[0]
    shape = port.partial_shape
    height, width = (shape[i].get_length() if shape[i].is_static else None for i in (1, 2))
    kind = port.element_type.to_dtype()

    def read(path):
        image = Image.open(path).convert('RGB')
        if height:
            image = image.resize((width, height), Image.BILINEAR)
        return np.array(image)[None].astype(kind)

    return read


def name_outputs(model):
    """NNCF refers to the inputs of If by names."""
    for i, node in enumerate(model.get_ordered_ops()):
        for j, output in enumerate(node.outputs()):
            if not output.get_names():
                output.get_tensor().set_names({f't{i}_{j}_{node.get_friendly_name()}'})
        if node.get_type_name() == 'If':
            for body in (0, 1):
                name_outputs(node.get_function(body))


def quantize(source, target, *images):
    import nncf
    import nncf.openvino.quantization.quantize_model as implementation

    # It fails on the bodies of If that no image reaches.
    implementation.native_quantize_if_op_impl = implementation.native_quantize_impl
    start, used = time.time(), time.process_time()
    model = core.read_model(source)
    name_outputs(model)
    dataset = nncf.Dataset(list(images), reader_for(model))
    quantized = nncf.quantize(model, dataset, preset=nncf.QuantizationPreset.MIXED, subset_size=len(images))
    ov.save_model(quantized, target, compress_to_fp16=False)
    seconds, cpu = time.time() - start, time.process_time() - used
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({'seconds': seconds, 'cpu': cpu, 'megabytes': megabytes}))


def readers_of(node):
    return [target.get_node() for output in node.outputs() for target in output.get_target_inputs()]


def raw_outputs(model):
    """Names of the last layers with weights: raw boxes and scores, with their biases."""
    leads, names = {}, []
    for node in reversed(model.get_ordered_ops()):
        onward = [n for n in readers_of(node) if n.get_type_name() not in ENDS]
        leads[node.get_friendly_name()] = any(
            n.get_type_name() in FILTERS or leads.get(n.get_friendly_name(), False) for n in onward
        )
        if node.get_type_name() not in ('Convolution', 'MatMul') or leads[node.get_friendly_name()]:
            continue
        last = node
        while [n.get_type_name() for n in readers_of(last)] == ['Add']:
            (add,) = readers_of(last)
            others = [add.input_value(i).get_node().get_type_name() for i in (0, 1)]
            if not {'Constant', 'Convert'} & set(others):
                break
            last = add
        names.append(last.get_friendly_name())
    return names


def compiled_at(path, names):
    model = core.read_model(path)
    nodes = {node.get_friendly_name(): node for node in model.get_ordered_ops()}
    results = [ov.opset13.result(nodes[name].output(0)) for name in names]
    return core.compile_model(ov.Model(results, model.get_parameters(), 'raw'), 'CPU', SETTINGS)


def signal_to_noise(paths, images):
    model = core.read_model(paths[0])
    names, read = raw_outputs(model), reader_for(model)
    compiled = [compiled_at(path, names) for path in paths]
    signal, noise = np.zeros(len(names)), np.zeros((len(paths), len(names)))
    for image in images:
        outputs = [[np.asarray(y, np.float64) for y in one([read(image)]).values()] for one in compiled]
        for i, expected in enumerate(outputs[0]):
            signal[i] += (expected**2).sum()
            for k, own in enumerate(outputs):
                # The second stage of a detector may get other boxes.
                noise[k, i] += ((own[i] - expected) ** 2).sum() if own[i].shape == expected.shape else np.nan
    with np.errstate(divide='ignore'):
        return np.nanmean(10 * np.log10(signal / noise), axis=1).tolist()[1:]


def speeds(paths):
    requests, times, kernels = [], [[] for _ in paths], []
    for path in paths:
        compiled = core.compile_model(path, 'CPU', SETTINGS)
        port = compiled.inputs[0]
        shape = [d.get_length() if d.is_static else SIDE for d in port.partial_shape]
        x = (np.random.RandomState(0).rand(*shape) * 255).astype(port.element_type.to_dtype())
        request = compiled.create_infer_request()
        request.infer([x])
        requests.append((request, x))
        facts = [node.get_rt_info() for node in compiled.get_runtime_model().get_ops()]
        text = [(str(f['layerType'].value), str(f['primitiveType'].value)) for f in facts if 'primitiveType' in f]
        own = [how for what, how in text if what.startswith(('Convolution', 'Deconvolution', 'FullyConnected', 'MatMul'))]
        kernels.append([sum('8' in how.lower().rsplit('_', 1)[-1] for how in own), len(own)])
    end = time.time() + SECONDS * len(paths)
    while time.time() < end:
        for (request, x), own in zip(requests, times):
            start = time.perf_counter()
            request.infer([x])
            own.append(time.perf_counter() - start)
    return [float(np.median(own)) * 1000 for own in times], kernels


def compare(f32, ours, theirs, *images):
    paths = [f32, ours, theirs]
    ms, int8 = speeds(paths)
    print(json.dumps({'snr': signal_to_noise(paths, images), 'ms': ms, 'int8': int8}))


if __name__ == '__main__':
    {'quantize': quantize, 'compare': compare}[sys.argv[1]](*sys.argv[2:])
