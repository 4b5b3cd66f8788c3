import { DecantError } from '../errors.ts';

/** A sync or async iterable. */
export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;

export interface MapAheadOptions {
  /** Maximum number of items in progress or finished but not yet consumed. */
  readonly concurrency: number;
  /** `true`, the default: results in the order of the items. `false`: as they finish. */
  readonly ordered?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An item in progress, or finished once it has `take`, which throws what the work threw. */
interface Slot<R> {
  take?: () => R;
}

/**
 * Yields the result of `work` for each item, working on several at once. Items are pulled only when there is room for them, so
 * memory is bounded with a slow consumer or a fast source. An error of the work ends the iteration; an error of the source
 * ends it after the results of earlier items. When the consumer stops early, the signal passed to `work` is aborted.
 *
 * @throws DecantError `cancelled` if the signal is aborted, `invalid-argument` if concurrency is less than 1
 */
export async function* mapAhead<T, R>(
  items: AnyIterable<T>,
  work: (item: T, signal: AbortSignal) => Promise<R>,
  { concurrency, ordered = true, signal }: MapAheadOptions,
): AsyncGenerator<R, void, undefined> {
  if (!(concurrency >= 1)) {
    throw new DecantError('invalid-argument', `concurrency must be at least 1, got ${concurrency}`);
  }
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const stop = new AbortController();
  const unlink = follow(stop, signal);
  const slots: Slot<R>[] = [];
  const source: { pulling: boolean; end?: { readonly failure?: unknown } } = { pulling: false };
  // Converts synchronous exceptions of a source to rejections.
  const next = async (): Promise<IteratorResult<T>> => iterator.next();
  let wake = (): void => undefined;
  stop.signal.addEventListener('abort', () => wake());

  const start = async (item: T): Promise<void> => {
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
  const pull = async (): Promise<void> => {
    source.pulling = true;
    try {
      const result = await next();
      if (result.done === true) source.end = {};
      else if (!stop.signal.aborted) void start(result.value);
    } catch (failure) {
      source.end = { failure };
    }
    source.pulling = false;
    wake();
  };

  try {
    while (source.end === undefined || slots.length > 0) {
      if (stop.signal.aborted) throw new DecantError('cancelled', 'the operation was cancelled');
      if (source.end === undefined && !source.pulling && slots.length < concurrency) void pull();
      const finished = (ordered ? slots.slice(0, 1) : slots).find(({ take }) => take !== undefined);
      if (finished?.take === undefined) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      } else {
        slots.splice(slots.indexOf(finished), 1);
        yield finished.take();
      }
    }
    if ('failure' in source.end) throw source.end.failure;
  } finally {
    unlink();
    stop.abort();
    // A source that is waiting for its next item may wait forever.
    const returned = source.end === undefined ? iterator.return?.() : undefined;
    if (!source.pulling) await returned;
  }
}

function follow(controller: AbortController, signal: AbortSignal | undefined): () => void {
  const abort = (): void => controller.abort();
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort);
  return () => signal?.removeEventListener('abort', abort);
}
