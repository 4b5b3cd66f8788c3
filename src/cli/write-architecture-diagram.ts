import { basename } from 'node:path';
import { DecantError } from '../errors.ts';
import { countNodes, type Graph } from '../ov/graph.ts';
import { writeFiles } from '../platform/write-files.ts';
import { drawArchitecture } from '../report/architecture-diagram.ts';
import { findParts } from '../architecture/find-parts.ts';

/** @throws DecantError `invalid-argument` if the path does not end in .svg */
export function checkDiagramPath(path: string): void {
  if (/\.svg$/i.test(path)) return;
  throw new DecantError('invalid-argument', `'${path}' does not end in .svg`, { remedy: 'Give the path of an .svg.' });
}

/** Draws the architecture of a model. @throws DecantError `io`; nothing is half-written */
export async function writeArchitectureDiagram(path: string, model: string, graph: Graph): Promise<void> {
  const svg = drawArchitecture(basename(model), `${countNodes(graph)} ops`, findParts(graph));
  await writeFiles([{ path, parts: [new TextEncoder().encode(svg)] }]);
}
