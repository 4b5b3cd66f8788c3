import { withinAsync } from '../errors.ts';
import { type ReadIr, readIr } from '../ov/ir/read-ir.ts';
import { readFile } from '../platform/read-file.ts';
import { MAX_TEXT_BYTES } from '../platform/read-text-file.ts';

export async function readIrFile(path: string): Promise<ReadIr> {
  const weights = path.replace(/(?:\.[^./\\]*)?$/, '.bin');
  const [xml, bin] = await Promise.all([
    readFile(path, MAX_TEXT_BYTES),
    withinAsync(`reading ${path}`, () => readFile(weights)),
  ]);
  return withinAsync(`reading ${path}`, () => Promise.resolve(readIr(xml.toString('utf8'), bin)));
}
