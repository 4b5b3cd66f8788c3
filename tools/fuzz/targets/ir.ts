import { runConversion, toIr } from '../../../src/convert.ts';
import { asDecantError } from '../../../src/errors.ts';
import type { Graph } from '../../../src/ov/graph.ts';
import { joinBin } from '../../../src/ov/ir/ir.ts';
import { readIr } from '../../../src/ov/ir/read-ir.ts';
import { writeIr } from '../../../src/ov/ir/write-ir.ts';
import { printGraph } from '../../../src/ov/print-graph.ts';
import { memorySource } from '../../../src/source/memory-source.ts';
import { parseXml, printXml } from '../formats/xml.ts';
import { file, input, type Target, utf8 } from '../target.ts';
import { bytes, type Tree } from '../tree.ts';
import { GRAPHS } from './support.ts';

const XML = 'model.xml';
const BIN = 'model.bin';

export const ir: Target = {
  name: 'ir',
  about: 'OpenVINO IRs: .xml and .bin',
  seeds: () => Promise.resolve(GRAPHS.map(graph => () => toSeed(graph))),
  print: (_, content) => (content.kind === 'bytes' ? content.value : utf8(printXml(content))),
  run(files) {
    const { graph } = readIr(new TextDecoder().decode(files.get(XML)), files.get(BIN) ?? new Uint8Array(0));
    joinBin(writeIr(graph).bin);
    printGraph(graph);
    return Promise.resolve();
  },
};

async function toSeed(frozen: Uint8Array): Promise<Tree> {
  const { graph } = await runConversion(memorySource('case', [['case.pb', frozen]])).catch(emptyIfRefused);
  const { xml, bin } = toIr(graph);
  return input(file(XML, parseXml(xml)), file(BIN, bytes('weights', 'bytes', joinBin(bin))));
}

/** A few graphs can be converted with known sizes only. */
function emptyIfRefused(thrown: unknown): { readonly graph: Graph } {
  if (asDecantError(thrown).code !== 'unsupported') throw thrown;
  return { graph: { name: 'empty', inputs: new Map(), outputs: new Map() } };
}
