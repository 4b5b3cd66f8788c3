import { freshDim, isStaticDim, type Shape } from '../../tensor/dim.ts';
import { Builder } from '../builder.ts';
import type { Graph, Node, Value } from '../graph.ts';
import { Reshape } from '../ops/shape.ts';
import { rewrite } from '../rewrite.ts';
import type { Pass } from './pass.ts';

/** Replaces symbolic sizes by unknown ones, no two of which are equal: what shape inference without symbols knows. */
const withoutSymbols = (value: Value): Value => ({
  ...value,
  shape: value.shape.map(dim => (isStaticDim(dim) ? dim : freshDim())),
  partialValue: value.partialValue?.map(dim => (isStaticDim(dim) ? dim : freshDim())),
});

const unknownSizes = (shape: Shape): number => shape.filter(dim => !isStaticDim(dim)).length;

/**
 * OpenVINO infers all shapes again when it reads an IR, and cannot derive that `h + (640 - h)` is 640. Where it would lose
 * a size that is known here, a Reshape to the known shape keeps all that follows static.
 */
export const pinShapes: Pass = {
  name: 'pin-shapes',
  description: 'adds a Reshape where OpenVINO would lose a size that is known during conversion',
  changes: [{ name: 'pin-shape', summary: 'shapes pinned that OpenVINO cannot derive' }],
  run(graph: Graph, count) {
    const observer = new Builder();
    const seen = new Map<Value, Value>();
    const observed = (value: Value): Value => seen.get(value) ?? observe(value.node)[value.index]!;
    const observe = (node: Node): readonly Value[] => {
      const values =
        node.inputs.length === 0 ? node.outputs : observer.rebuild(node, node.inputs.map(observed)).map(withoutSymbols);
      node.outputs.forEach((value, i) => seen.set(value, values[i]!));
      return values;
    };
    return rewrite(graph, (node, { b }) => {
      const values = observe(node);
      const pinned = node.outputs.map((value, i) => {
        const unknown = unknownSizes(value.shape);
        if (unknown >= unknownSizes(values[i]!.shape) || unknown > 1) return value;
        const target = b.i64(...value.shape.map(dim => (isStaticDim(dim) ? dim : -1)));
        const pin = b.add(Reshape, [value, target]);
        count?.('pin-shape');
        seen.set(pin, { ...values[i]!, shape: value.shape.map(dim => (isStaticDim(dim) ? dim : freshDim())) });
        return pin;
      });
      return pinned.every((value, i) => value === node.outputs[i]) ? undefined : pinned;
    });
  },
};
