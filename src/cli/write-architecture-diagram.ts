import { basename } from 'node:path';
import { DecantError } from '../errors.ts';
import { countNodes, type Graph } from '../ov/graph.ts';
import { writeFiles } from '../platform/write-files.ts';
import { drawStages } from '../report/architecture-diagram.ts';
import { findStages } from '../architecture/find-parts.ts';

/** @throws DecantError `invalid-argument` for another ending than .svg */
export function checkPicturePath(path: string): void {
  if (/\.svg$/i.test(path)) return;
  throw new DecantError('invalid-argument', `'${path}' does not end in .svg`, { remedy: 'Give the path of an .svg.' });
}

/** Draws the stages of a model. @throws DecantError `io`; nothing is half-written */
export async function writeModelPicture(path: string, model: string, graph: Graph): Promise<void> {
  const svg = drawStages(basename(model), `${countNodes(graph)} ops`, findStages(graph));
  await writeFiles([{ path, parts: [new TextEncoder().encode(svg)] }]);
}
