import { readFile } from 'node:fs/promises';
import { withinAsync } from '../errors.ts';
import { type ReadIr, readIr } from '../ov/ir/read-ir.ts';
import { fileError } from '../platform/file-error.ts';

export async function readIrFile(path: string): Promise<ReadIr> {
  const weights = path.replace(/(?:\.[^./\\]*)?$/, '.bin');
  const read = (file: string): Promise<Buffer> =>
    readFile(file).catch((thrown: unknown) => {
      throw fileError(file, thrown);
    });
  const [xml, bin] = await Promise.all([read(path), withinAsync(`reading ${path}`, () => read(weights))]);
  return withinAsync(`reading ${path}`, () => Promise.resolve(readIr(xml.toString('utf8'), bin)));
}
