import { asDecantError } from '../../errors.ts';
import { endStatus, reportError } from '../console.ts';
import type { DetectOutput } from './detect-output.ts';
import type { DetectEvent } from './events.ts';

export interface DispatchOptions {
  /** Whether there is only one input, whose failure is the command's. */
  readonly single: boolean;
}

/** Reports a failure itself, so that outputs can end in good order. */
export async function dispatch(
  events: AsyncIterable<DetectEvent>,
  outputs: readonly DetectOutput[],
  options: DispatchOptions,
): Promise<void> {
  try {
    await deliverAll(events, outputs, options);
  } catch (thrown) {
    process.exitCode = reportError(thrown);
    for (const output of outputs) await output.abort?.(asDecantError(thrown));
  }
}

async function deliverAll(
  events: AsyncIterable<DetectEvent>,
  outputs: readonly DetectOutput[],
  { single }: DispatchOptions,
): Promise<void> {
  let results = 0;
  let complete = true;
  let saved: string[] = [];
  for (const output of outputs) await output.start?.();
  for await (const event of events) {
    endStatus();
    try {
      await deliver(event, outputs, saved);
      if (event.type === 'result') results++;
    } catch (thrown) {
      const error = asDecantError(thrown);
      // One unreadable image does not stop the rest.
      const isLast = error.code === 'internal' || (single && results === 0);
      if (!isLast) process.exitCode = reportError(error);
      for (const output of outputs) await output.error?.(event.input, error);
      if (isLast) throw thrown;
      complete = false;
    }
    saved.push(...event.saved);
    if (!event.last) continue;
    for (const output of outputs) await output.inputDone?.(event.input, { complete, saved });
    complete = true;
    saved = [];
  }
  endStatus();
  for (const output of outputs) await output.summarize?.();
  for (const output of outputs) await output.finish?.();
}

async function deliver(event: DetectEvent, outputs: readonly DetectOutput[], saved: readonly string[]): Promise<void> {
  if (event.type === 'error') throw event.error;
  for (const output of outputs) {
    if (event.type === 'result') await output.result?.(event);
    else await output.video?.(event, [...event.saved, ...saved]);
  }
}
