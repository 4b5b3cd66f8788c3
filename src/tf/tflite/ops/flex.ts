import { DecantError } from '../../../errors.ts';
import { decodeBinary } from '../../../wire/binary.ts';
import { decodeFlexVector } from '../../../wire/flexbuffer.ts';
import { nodeDef, toNode } from '../../proto/graph-def.ts';
import type { LiteTranslator } from '../lite-op.ts';

/** Ops of TensorFlow, which TensorFlow Lite runs by its Flex delegate, have this before their names. */
export const FLEX = 'Flex';

/** An op of TensorFlow: its options are its name and its NodeDef, without inputs. */
export const flex: LiteTranslator = (op, graph) => {
  const [, definition] = decodeFlexVector(op.custom);
  if (definition === undefined) throw new DecantError('malformed', `${op.type} has no NodeDef in its options`);
  const node = toNode(decodeBinary(nodeDef, definition));
  return graph.addAll(node.op, op.outputs.length, op.all(), Object.fromEntries(node.attrs));
};
