import { DecantError } from '../errors.ts';

/** A row of things: those that are there, and those that come in their own time. */
export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;

export interface MapAheadOptions {
  /** How many items are held at once: those that are worked on, and those that are done and wait to be taken. */
  readonly concurrency: number;
  /** Whether results come in the order of the items, as by default, or as they get done. */
  readonly ordered?: boolean | undefined;
  /** Ends the iteration, and the work under way. */
  readonly signal?: AbortSignal | undefined;
}

/** An item under way, or done once it has a result; `take` throws what the work threw. */
interface Slot<R> {
  take?: () => R;
}

/**
 * The results of `work` for each item, with several items under way at once. An item is only asked for when there is room
 * for it, so that neither a slow taker nor a fast source lets memory grow. What the work throws ends the iteration; what
 * the source throws ends it behind the results of the items before. Whoever stops early aborts the signal of the work.
 *
 * @throws DecantError `cancelled` after an abort of the signal, `invalid-argument` for a concurrency below 1
 */
export async function* mapAhead<T, R>(
  items: AnyIterable<T>,
  work: (item: T, signal: AbortSignal) => Promise<R>,
  { concurrency, ordered = true, signal }: MapAheadOptions,
): AsyncGenerator<R, void, undefined> {
  if (!(concurrency >= 1)) {
    throw new DecantError('invalid-argument', `${concurrency} pictures at once are too few`, {
      remedy: 'Give 1 or more.',
    });
  }
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const stop = new AbortController();
  const unlink = follow(stop, signal);
  const slots: Slot<R>[] = [];
  const source: { asking: boolean; end?: { readonly failure?: unknown } } = { asking: false };
  // Also what a source throws on the spot comes later.
  const pull = async (): Promise<IteratorResult<T>> => iterator.next();
  let wake = (): void => undefined;
  stop.signal.addEventListener('abort', () => wake());

  const begin = async (item: T): Promise<void> => {
    const slot: Slot<R> = {};
    slots.push(slot);
    try {
      const result = await work(item, stop.signal);
      slot.take = () => result;
    } catch (thrown) {
      slot.take = () => {
        throw thrown;
      };
    }
    wake();
  };
  const ask = async (): Promise<void> => {
    source.asking = true;
    try {
      const next = await pull();
      if (next.done === true) source.end = {};
      else if (!stop.signal.aborted) void begin(next.value);
    } catch (failure) {
      source.end = { failure };
    }
    source.asking = false;
    wake();
  };

  try {
    while (source.end === undefined || slots.length > 0) {
      if (stop.signal.aborted) throw new DecantError('cancelled', 'the work was cancelled');
      if (source.end === undefined && !source.asking && slots.length < concurrency) void ask();
      const done = (ordered ? slots.slice(0, 1) : slots).find(({ take }) => take !== undefined);
      if (done?.take === undefined) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      } else {
        slots.splice(slots.indexOf(done), 1);
        yield done.take();
      }
    }
    if ('failure' in source.end) throw source.end.failure;
  } finally {
    unlink();
    stop.abort();
    // A source that is still waiting for its own next item may wait for ever.
    const returned = source.end === undefined ? iterator.return?.() : undefined;
    if (!source.asking) await returned;
  }
}

/** Aborts `controller` with `signal`, until the function that it gives is called. */
function follow(controller: AbortController, signal: AbortSignal | undefined): () => void {
  const abort = (): void => controller.abort();
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort);
  return () => signal?.removeEventListener('abort', abort);
}
