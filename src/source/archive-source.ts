import type { archiveKind } from './archive-kind.ts';
import type { Chunks } from './chunks.ts';
import type { Source } from './source.ts';

/** An archive, whole or in chunks. */
export interface Archive {
  readonly name: string;
  readonly whole: () => Uint8Array | Promise<Uint8Array>;
  readonly chunks: () => Chunks;
}

/** The files of an archive. What reads its kind is loaded here: most models are no archives. */
export async function archiveSource(
  kind: NonNullable<ReturnType<typeof archiveKind>>,
  { name, whole, chunks }: Archive,
  gunzip: (packed: Chunks) => Chunks,
): Promise<Source> {
  if (kind === 'zip') {
    const { zipSource } = await import('./zip-source.ts');
    return zipSource(name, await whole());
  }
  const { tarSource } = await import('./tar-source.ts');
  return tarSource(name, chunks(), gunzip);
}
