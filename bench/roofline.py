"""How much work a model is, and how much the machine can do: GFLOP of an IR, and peers that multiply as fast as possible."""

import numpy as np
import openvino as ov
from openvino import opset13 as ops

MATRIX = 1536
CHANNELS = 256
SIDE = 56

# Work of one inference of a peak peer.
GFLOP = {"matmul": 2e-9 * MATRIX ** 3, "convolution": 2e-9 * SIDE ** 2 * CHANNELS ** 2 * 9}


def peak_models():
    """A matrix product and a convolution, each large enough to be bound by arithmetic and small enough for caches."""
    random = np.random.default_rng(0)
    constant = lambda *shape: ops.constant(random.random(shape, dtype=np.float32))
    square = ops.parameter([MATRIX, MATRIX], np.float32)
    product = ops.matmul(square, constant(MATRIX, MATRIX), False, False)
    planes = ops.parameter([1, CHANNELS, SIDE, SIDE], np.float32)
    filters = constant(CHANNELS, CHANNELS, 3, 3)
    filtered = ops.convolution(planes, filters, [1, 1], [1, 1], [1, 1], [1, 1])
    return {"matmul": ov.Model([product], [square]), "convolution": ov.Model([filtered], [planes])}


def gflop(xml, shape):
    """GFLOP of the convolutions and matrix products of an IR, for an image of a shape."""
    model = ov.Core().read_model(xml)
    if model.inputs[0].partial_shape.is_dynamic:
        model.reshape({0: shape})
    return 2e-9 * sum(products(op) for op in varying(model))


def varying(model):
    """The ops that depend on an input. OpenVINO computes the others when it compiles the model."""
    names = set()
    for op in model.get_ordered_ops():
        inputs = (op.input_value(i).get_node().get_friendly_name() for i in range(op.get_input_size()))
        if op.get_type_name() != "Parameter" and names.isdisjoint(inputs):
            continue
        names.add(op.get_friendly_name())
        yield op


def products(op):
    """Multiplications of an op. Sizes that depend on values count with their upper limit."""
    kind = op.get_type_name()
    if kind not in ("Convolution", "GroupConvolution", "ConvolutionBackpropData", "MatMul"):
        return 0
    data, weights, out = (shape_of(port) for port in (op.input_value(0), op.input_value(1), op.output(0)))
    if kind == "MatMul":
        return np.prod(out) * data[-2 if op.get_attributes()["transpose_a"] else -1]
    if kind == "ConvolutionBackpropData":
        return np.prod(data) * np.prod(weights[1:])
    # Filters are [outputs, inputs, ...], or [groups, outputs, inputs, ...].
    return np.prod(out) * np.prod(weights[2 if kind == "GroupConvolution" else 1:])


def shape_of(port):
    return [float(size.get_max_length()) for size in port.get_partial_shape()]
