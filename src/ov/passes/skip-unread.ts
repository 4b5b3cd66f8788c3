import { Builder } from '../builder.ts';
import { type Graph, type Node, topological, type Value } from '../graph.ts';
import { FAR, Slice } from '../ops/slice.ts';
import { withOutputs } from '../rewrite.ts';
import type { Pass } from './pass.ts';
import { ALL, divided, isAll, multiplied, type Steps } from './unread/steps.ts';
import { stepsOfMaps } from './unread/steps-of-maps.ts';
import { mapInputs, windowOf } from './unread/window.ts';

/**
 * A convolution by 1x1 with stride 2 reads every second row and column of a map. If nothing reads the others, the op that
 * computes the map takes over the stride, also through elementwise ops.
 */
export const skipUnread: Pass = {
  name: 'skip-unread',
  description: 'computes only the positions of a map that strided convolutions read',
  changes: [{ name: 'move-stride', summary: 'strides moved to the ops that compute a map' }],
  run(graph: Graph, count) {
    const order = topological(graph);
    const steps = stepsOfMaps(graph, order);
    const stepsOf = (value: Value): Steps => steps.get(value) ?? ALL;
    const b = new Builder();
    const replaced = new Map<Value, Value>();
    const now = (value: Value): Value => replaced.get(value) ?? value;
    /** The positions of a map that `wanted` leaves, of which some may be left out already. */
    const thinned = (map: Value, wanted: Steps): Value => {
      const further = divided(wanted, stepsOf(map));
      return isAll(further) ? now(map) : everyNth(b, now(map), further);
    };
    for (const node of order) {
      b.origin = node.name;
      const own = node.outputs.length === 1 ? stepsOf(node.outputs[0]!) : ALL;
      const maps = isAll(own) ? [] : mapInputs(node);
      const inputs = node.inputs.map(input => (maps.includes(input) ? thinned(input, own) : now(input)));
      const strided = withStride(node, own, stepsOf);
      if (strided === node && inputs.every((input, i) => input === node.inputs[i])) continue;
      if (strided !== node && !isAll(own)) count?.('move-stride');
      b.rebuild(strided, inputs).forEach((value, i) => replaced.set(node.outputs[i]!, value));
    }
    return withOutputs(graph, now);
  },
};

/** Multiplies the stride by the steps of the output, and divides it by those of the input. */
function withStride(node: Node, own: Steps, stepsOf: (value: Value) => Steps): Node {
  const window = windowOf(node);
  const before = window === undefined ? ALL : stepsOf(node.inputs[0]!);
  if (window === undefined || (isAll(own) && isAll(before))) return node;
  const { pads_begin, pads_end } = window;
  const strides = divided(multiplied(window.strides, own), before);
  return { ...node, attrs: { ...node.attrs, auto_pad: 'explicit', pads_begin, pads_end, strides } };
}

function everyNth(b: Builder, map: Value, [rows, columns]: Steps): Value {
  return b.add(Slice, [map, b.i64(0, 0), b.i64(FAR, FAR), b.i64(rows, columns), b.i64(2, 3)]);
}
