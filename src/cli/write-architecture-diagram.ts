import { basename } from 'node:path';
import { DecantError } from '../errors.ts';
import { countNodes, type Graph } from '../ov/graph.ts';
import { checkTarget } from '../platform/check-target.ts';
import { writeFiles } from '../platform/write-files.ts';
import { drawArchitecture } from '../report/architecture-diagram.ts';
import { findParts } from '../architecture/find-parts.ts';

export async function checkDiagramPath(path: string): Promise<void> {
  if (/\.svg$/i.test(path)) return checkTarget(path);
  throw new DecantError('invalid-argument', `'${path}' does not end in .svg`, { remedy: 'Give the path of an .svg.' });
}

export async function writeArchitectureDiagram(path: string, model: string, graph: Graph): Promise<void> {
  const svg = drawArchitecture(basename(model), `${countNodes(graph)} ops`, findParts(graph));
  await writeFiles([{ path, parts: [new TextEncoder().encode(svg)] }]);
}
