import type { Tensors } from '../detect/heads/port.ts';
import { openSource } from '../platform/open-source.ts';
import { readFile } from '../platform/read-file.ts';
import { readNpy } from '../tensor/npy.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Reads the array of a `.npy`, or those of an `.npz` by name. */
export async function readTensors(path: string): Promise<Tensor | Tensors> {
  if (path.toLowerCase().endsWith('.npy')) return readNpy(await readFile(path), path);
  const source = await openSource(path);
  const files = (await source.list()).filter(file => file.endsWith('.npy'));
  const tensors = files.map(
    async file => [file.slice(0, -'.npy'.length), readNpy(await source.read(file), file)] as const,
  );
  return Object.fromEntries(await Promise.all(tensors));
}
