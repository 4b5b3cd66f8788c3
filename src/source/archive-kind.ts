import { bytesAsText } from './read-text.ts';

const TAR_MAGIC_AT = 257;

/** Recognizes an archive by its first 512 bytes, which hold the magic number of a tar archive. */
export function archiveKind(head: Uint8Array): 'zip' | 'tar' | undefined {
  if (/^PK(?:\x03\x04|\x05\x06)/.test(bytesAsText(head.subarray(0, 4)))) return 'zip';
  return isGzip(head) || isTar(head) ? 'tar' : undefined;
}

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

const isTar = (head: Uint8Array): boolean => bytesAsText(head.subarray(TAR_MAGIC_AT, TAR_MAGIC_AT + 5)) === 'ustar';
