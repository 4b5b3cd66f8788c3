const DIRECTORY_END = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** Sizes of the records without their texts. */
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const ENTRY_BYTES = 46;

/** CRC-32 of each entry of a zip archive, in the order of its directory (APPNOTE.TXT, sections 4.3.12 to 4.3.16). */
export function zipChecksums(archive: Uint8Array): readonly number[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const u32 = (at: number): number => view.getUint32(at, true);
  let end = archive.byteLength - END_BYTES;
  while (u32(end) !== DIRECTORY_END) end--;

  let at = u32(end + 16);
  // A large archive has its directory's offset in another record; archives of 4 GB and more do not fit into memory.
  if (at === 0xffffffff) at = u32(u32(end - LOCATOR_BYTES + 8) + 48);

  const checksums: number[] = [];
  while (at + ENTRY_BYTES <= end && u32(at) === DIRECTORY_ENTRY) {
    checksums.push(u32(at + 16));
    const texts = [28, 30, 32].map(length => view.getUint16(at + length, true));
    at += ENTRY_BYTES + texts.reduce((sum, length) => sum + length, 0);
  }
  return checksums;
}
