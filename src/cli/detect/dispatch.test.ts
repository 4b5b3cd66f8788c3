import { expect, it, onTestFinished } from 'vitest';
import { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import type { DetectOutput } from './detect-output.ts';
import { dispatch } from './dispatch.ts';
import type { DetectEvent, DetectionRecord } from './events.ts';

const INPUT = { name: 'scan.tiff' } as Input;
const BROKEN = new DecantError('bad-image', 'a page is corrupt');

const record = (page: number): DetectionRecord => ({ file: INPUT.name, page }) as DetectionRecord;

const page = (number: number, last: boolean): DetectEvent => ({
  type: 'result',
  input: INPUT,
  last,
  saved: [`${number}.png`],
  record: record(number),
});

const failed: DetectEvent = { type: 'error', input: INPUT, last: true, saved: [], error: BROKEN };

// eslint-disable-next-line @typescript-eslint/require-await
async function* stream(...events: readonly DetectEvent[]): AsyncGenerator<DetectEvent> {
  yield* events;
}

/** Records its calls; throws for the page `failsFor`. */
function recorder(name: string, calls: string[], failsFor?: number): DetectOutput {
  const note = (what: string): void => void calls.push(`${name} ${what}`);
  return {
    start: () => note('start'),
    result({ record: { page } }) {
      if (page === failsFor) throw BROKEN;
      note(`page ${page!}`);
    },
    error: (_, { code }) => note(code),
    inputDone: (_, { complete, saved }) => note(`done ${complete} ${saved.join()}`),
    summarize: () => note('summarize'),
    finish: () => note('finish'),
    abort: ({ code }) => note(`abort ${code}`),
  };
}

function keepExitCode(): void {
  const { exitCode } = process;
  onTestFinished(() => {
    process.exitCode = exitCode;
  });
}

it('calls every output in order', async () => {
  const calls: string[] = [];
  await dispatch(stream(page(1, false), page(2, true)), [recorder('a', calls), recorder('b', calls)], { single: true });
  expect(calls).toEqual([
    ...['a start', 'b start', 'a page 1', 'b page 1', 'a page 2', 'b page 2'],
    ...['a done true 1.png,2.png', 'b done true 1.png,2.png'],
    ...['a summarize', 'b summarize', 'a finish', 'b finish'],
  ]);
});

it('skips the outputs after one that fails, and continues', async () => {
  keepExitCode();
  const calls: string[] = [];
  const outputs = [recorder('a', calls, 1), recorder('b', calls)];
  await dispatch(stream(page(1, false), page(2, true)), outputs, { single: false });
  expect(calls.slice(2, -6)).toEqual(['a bad-image', 'b bad-image', 'a page 2', 'b page 2']);
  expect(calls.at(-6)).toBe('a done false 1.png,2.png');
  expect(process.exitCode).toBe(1);
});

it('ends early if the only input has no result, or on an internal error', async () => {
  keepExitCode();
  const calls: string[] = [];
  await dispatch(stream(failed), [recorder('a', calls)], { single: true });
  expect(calls).toEqual(['a start', 'a bad-image', 'a abort bad-image']);
  expect(process.exitCode).toBe(1);
  const second: string[] = [];
  const internal = new DecantError('internal', 'a bug');
  const events = stream(page(1, true), { ...failed, error: internal }, page(2, true));
  await dispatch(events, [recorder('a', second)], { single: false });
  expect(second.slice(-2)).toEqual(['a internal', 'a abort internal']);
});

it('continues if one part of the only input has a result', async () => {
  keepExitCode();
  const calls: string[] = [];
  await dispatch(stream(page(1, false), failed), [recorder('a', calls)], { single: true });
  expect(calls.at(-1)).toBe('a finish');
  expect(process.exitCode).toBe(1);
});
