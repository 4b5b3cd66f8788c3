export type Chunks = AsyncIterable<Uint8Array>;

export async function* counted(chunks: Chunks, onChunk: (size: number) => void): Chunks {
  for await (const chunk of chunks) {
    onChunk(chunk.byteLength);
    yield chunk;
  }
}

export async function peek(chunks: Chunks, count: number): Promise<readonly [head: Uint8Array, whole: Chunks]> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  const head: number[] = [];
  while (head.length < count) {
    const next = await iterator.next();
    if (next.done === true) break;
    seen.push(next.value);
    head.push(...next.value.subarray(0, count - head.length));
  }
  async function* whole(): Chunks {
    try {
      yield* seen.splice(0);
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return [Uint8Array.from(head), whole()];
}

export function toReadableStream(chunks: Chunks): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
