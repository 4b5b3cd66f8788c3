import { convertSource } from '../../src/api/convert-source.ts';
import { openModelBytes } from '../../src/api/open-model-bytes.ts';
import { findParts } from '../../src/architecture/find-parts.ts';
import { toIr } from '../../src/convert.ts';
import { asDecantError } from '../../src/errors.ts';
import { labelLines } from '../../src/labels/label-list.ts';
import { countOvOps } from '../../src/ov/count-ov-ops.ts';
import { countNodes } from '../../src/ov/graph.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { drawArchitecture } from '../../src/report/architecture-diagram.ts';
import type { Converted, ModelFile, WorkerMessage } from './messages.ts';
import { nameOf } from './name-of.ts';

/** The part of a worker's global object that is used here; TypeScript's is for pages. */
interface WorkerScope {
  onmessage: (event: MessageEvent<readonly ModelFile[]>) => void;
  postMessage(message: WorkerMessage, transfer: readonly ArrayBuffer[]): void;
}

const scope = self as unknown as WorkerScope;

scope.onmessage = ({ data }) => {
  convert(data).then(
    converted => scope.postMessage({ kind: 'done', converted }, [converted.bin.buffer]),
    (thrown: unknown) => {
      const error = asDecantError(thrown);
      scope.postMessage({ kind: 'failed', problem: error.describe(), remedy: error.remedy }, []);
    },
  );
};

async function convert(files: readonly ModelFile[]): Promise<Converted> {
  const source = await openModelBytes(files, nameOf(files.map(([path]) => path)));
  const { name, conversion, labels, rtInfo } = await convertSource(source, undefined, {
    onStep: step => scope.postMessage({ kind: 'step', step }, []),
  });
  const { graph, notes } = conversion;
  const { xml, bin } = toIr(graph, rtInfo);
  return {
    name,
    xml,
    bin: new Uint8Array(joinBin(bin)),
    labels: labels && labelLines(labels),
    notes,
    ops: countOvOps(graph),
    drawing: drawArchitecture(name, `${countNodes(graph)} ops`, findParts(graph)),
  };
}
