/** Joins chunks of bytes. Throws what `tooLarge` returns if there are more than `maxBytes`. */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => Error,
): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge();
    collected.push(chunk);
  }
  return Buffer.concat(collected);
}
