import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { writeIr } from '../ov/ir/write-ir.ts';
import { Convolution } from '../ov/ops/convolution.ts';
import { FakeQuantize } from '../ov/ops/quantization.ts';
import type { Core } from '../runtime/core.ts';
import { numbersOf, tensorOf } from '../tensor/tensor.ts';

/** The largest integers of quantized data and weights, and the numbers of channels that make OpenVINO compute in int8. */
const DATA = 255;
const WEIGHT = 127;
const [CHANNELS, FILTERS] = [4, 8];

const filled = (shape: readonly number[], length: number, value: number): ReturnType<typeof tensorOf> =>
  tensorOf('f32', shape, new Array<number>(length).fill(value));

/** Whether the CPU plugin adds products of 8 bits in 16 bits: asks it for the largest sums. Takes some milliseconds. */
export async function cutsOffSums(core: Core): Promise<boolean> {
  const { xml, bin } = writeIr(largestSums());
  using model = await core.readModel({ xml, bin: joinBin(bin) });
  using compiled = await core.compileModel(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
  using request = compiled.createInferRequest();
  const { y } = await request.inferAsync({ x: filled([1, CHANNELS, 1, 1], CHANNELS, DATA) });
  return numbersOf(y!)[0]! < 0.9 * CHANNELS * DATA * WEIGHT;
}

function largestSums(): Graph {
  const b = new Builder();
  const x = b.parameter('x', 'f32', [1, CHANNELS, 1, 1]);
  const quantized = (value: Value, least: number, most: number): Value => {
    const ends = [least, most, least, most].map(end => b.scalar('f32', end));
    return b.add(FakeQuantize, [value, ...ends], { levels: most - least + 1 });
  };
  const weights = b.constant(filled([FILTERS, CHANNELS, 1, 1], FILTERS * CHANNELS, WEIGHT));
  const window = { strides: [1, 1], dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };
  const y = b.add(Convolution, [quantized(x, 0, DATA), quantized(weights, -WEIGHT, WEIGHT)], window);
  return { name: 'sums', inputs: new Map([['x', x]]), outputs: new Map([['y', y]]) };
}
