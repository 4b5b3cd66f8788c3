import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseGraph } from '../../src/ov/parse-graph.ts';
import { COMPRESSION, PASSES } from '../../src/ov/passes/index.ts';
import { printGraph } from '../../src/ov/print-graph.ts';
import { verify } from '../../src/ov/verify.ts';
import { expectTensor } from './compare.ts';
import { randomInputs } from './random.ts';
import { type Results, runOnOpenVino } from './run-on-openvino.ts';
import { sideBySide } from './side-by-side.ts';

/**
 * `test/cases/passes/<pass>/<case>.txt`: lines that begin with `#` say what the case is about; a graph; `==>`; the graph
 * that the pass makes of it, or `unchanged`.
 */
const FOLDER = join(import.meta.dirname, '../cases/passes');

/** What f16 weights may change. */
const COMPRESSED_TOLERANCE = 2e-3;

const passes = new Map([...PASSES, ...COMPRESSION].map(pass => [pass.name, pass]));

const cases = readdirSync(FOLDER).flatMap(pass =>
  readdirSync(join(FOLDER, pass)).map(file => {
    const text = readFileSync(join(FOLDER, pass, file), 'utf8').replaceAll(/^#.*\n/gm, '');
    const [before, after, ...rest] = text.split('==>\n');
    if (before === undefined || after === undefined || rest.length > 0) throw new Error(`${file} is no case`);
    return { pass, name: file.replace(/\.txt$/, ''), before, after };
  }),
);

const parse = (text: string) => parseGraph({ text, constants: [] });

describe.each([...passes.values()])('$name', pass => {
  const own = cases.filter(({ pass: folder }) => folder === pass.name);
  const fires = own.filter(({ after }) => after !== 'unchanged\n');

  it('has cases where it fires and where it must not', () => {
    expect(fires.length).toBeGreaterThan(0);
    expect(own.length).toBeGreaterThan(fires.length);
  });

  it('counts what it does, and nothing where it does nothing', () => {
    const counted = own.map(({ before, after }) => {
      let count = 0;
      pass.run(parse(before), (_what, times = 1) => (count += times));
      return { fires: after !== 'unchanged\n', count };
    });
    expect(counted.filter(({ fires, count }) => !fires && count > 0)).toEqual([]);
    expect(counted.some(({ fires, count }) => fires && count > 0)).toBe(true);
  });

  it.each(own)('$name', ({ before, after }) => {
    const graph = parse(before);
    expect(printGraph(graph).text, 'the case is not as graphs are printed').toBe(before);
    const changed = pass.run(graph);
    if (after === 'unchanged\n') {
      expect(printGraph(changed).text).toBe(before);
      expect(changed).toBe(graph);
    } else {
      verify(changed);
      expect(printGraph(changed).text).toBe(after);
    }
  });

  describe('keeps the answers', () => {
    const before = sideBySide(fires.map(({ before }) => parse(before)));
    const inputs = randomInputs(before);
    let [expected, actual]: Results[] = [];
    beforeAll(async () => {
      expected = await runOnOpenVino(before, inputs);
      actual = await runOnOpenVino(sideBySide(fires.map(({ after }) => parse(after))), inputs);
    });

    it.each(fires.map(({ name }, i) => [name, i] as const))('%s', (_name, i) => {
      for (const [port, tensor] of expected!.outputs) {
        if (!port.startsWith(`${i}.`)) continue;
        expectTensor(actual!.outputs.get(port), tensor, COMPRESSION.includes(pass) ? COMPRESSED_TOLERANCE : undefined);
      }
    });
  });
});

it('every case belongs to a pass', () => {
  expect(cases.filter(({ pass }) => !passes.has(pass))).toEqual([]);
});
