import { Builder } from '../../src/ov/builder.ts';
import type { Graph, Value } from '../../src/ov/graph.ts';
import { Relu } from '../../src/ov/ops/activation.ts';
import { Add } from '../../src/ov/ops/arithmetic.ts';
import { Convolution, GroupConvolution } from '../../src/ov/ops/convolution.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import type { Samples } from '../../src/quantize/measure.ts';
import { random } from '../../src/tensor/random.ts';
import { numbersOf, sizeOf, type Tensor, tensorOf } from '../../src/tensor/tensor.ts';
import { core } from './openvino.ts';

export const SHAPE = [1, 4, 16, 16];

/** Builds graphs with random weights, whose input has four channels. */
export class Net {
  readonly b = new Builder();
  readonly input = this.b.parameter('x', 'f32', SHAPE);
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  weights(...shape: readonly number[]): Value {
    return this.b.constant(
      tensorOf(
        'f32',
        shape,
        Float32Array.from({ length: sizeOf(shape) }, () => this.#next() - 0.5),
      ),
    );
  }

  convolution(x: Value, channels: number, size = 3, name = `conv${channels}`): Value {
    return this.b.at(name, () => {
      const filters = this.weights(channels, Number(x.shape[1]), size, size);
      const pads = [(size - 1) / 2, (size - 1) / 2];
      const window = { strides: [1, 1], dilations: [1, 1], pads_begin: pads, pads_end: pads };
      return this.b.add(Add, [this.b.add(Convolution, [x, filters], window), this.weights(1, channels, 1, 1)]);
    });
  }

  depthwise(x: Value): Value {
    const filters = this.weights(Number(x.shape[1]), 1, 1, 3, 3);
    const window = { strides: [1, 1], dilations: [1, 1], pads_begin: [1, 1], pads_end: [1, 1] };
    return this.b.add(GroupConvolution, [x, filters], window);
  }

  relu(x: Value): Value {
    return this.b.add(Relu, [x]);
  }

  graph(output: Value): Graph {
    return { name: 'net', inputs: new Map([['x', this.input]]), outputs: new Map([['y', output]]) };
  }

  sample(): Tensor {
    return tensorOf(
      'f32',
      SHAPE,
      Float32Array.from({ length: sizeOf(SHAPE) }, () => 4 * this.#next() - 1),
    );
  }
}

export const infer = (graph: Graph, x: Tensor): Float32Array => {
  const { xml, bin } = writeIr(graph);
  using model = core.readModelSync({ xml, bin: joinBin(bin) });
  using compiled = core.compileModelSync(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
  using request = compiled.createInferRequest();
  return Float32Array.from(numbersOf(request.infer({ x })['y']!));
};

export const samplesOf = (samples: readonly Tensor[]): Samples =>
  async function* () {
    for (const x of samples) yield Promise.resolve({ x });
  };
