import { DecantError } from '../errors.ts';
import { type Graph, is, topological } from '../ov/graph.ts';
import { ShapeOf } from '../ov/ops/shape.ts';

/**
 * Devices accept and return strings, and know their shape, but do nothing else with them.
 *
 * @throws DecantError `unsupported` if a node processes strings
 */
export function checkTexts(graph: Graph): void {
  for (const node of topological(graph)) {
    if (is(node, ShapeOf) || !node.inputs.some(({ type }) => type === 'string')) continue;
    throw new DecantError(
      'unsupported',
      `${node.op.type} '${node.name}' processes strings, which OpenVINO devices do not support`,
      { remedy: 'Select outputs that do not depend on it with --output, or feed its result with --input.' },
    );
  }
}
