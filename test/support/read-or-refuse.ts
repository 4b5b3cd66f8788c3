import { asDecantError } from '../../src/errors.ts';
import type { Source } from '../../src/source/source.ts';
import { readModel } from '../../src/tf/formats/read-model.ts';

/** Reads a model and decodes all its constants. Fails on any error that does not blame the input. */
export async function readOrRefuse(source: Source): Promise<'read' | 'refused'> {
  try {
    const model = await readModel(source);
    for (const graph of [model.graph, ...[...model.functions.values()].map(body => body.nodes)]) {
      for (const node of graph.values()) {
        for (const attr of node.attrs.values()) if (attr.kind === 'tensor') attr.value.data();
      }
    }
    return 'read';
  } catch (thrown) {
    const error = asDecantError(thrown);
    if (error.code === 'internal') throw error;
    return 'refused';
  }
}
