import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseGraph } from '../../src/ov/parse-graph.ts';
import { COMPRESSION, loadPasses, PASSES } from '../../src/ov/passes/index.ts';
import { runPass } from '../../src/ov/passes/pass.ts';
import { printGraph } from '../../src/ov/print-graph.ts';
import { verify } from '../../src/ov/verify.ts';
import { expectTensor } from './compare.ts';
import { randomInputs } from './random.ts';
import { type Results, runOnOpenVino } from './run-on-openvino.ts';
import { sideBySide } from './side-by-side.ts';

/**
 * `test/cases/passes/<pass>/<change>/<case>.txt`, where a change is a rule, or what else a pass counts: comment lines that
 * begin with `#`, a graph, `==>`, and the graph that the pass returns, or `unchanged`.
 */
const FOLDER = join(import.meta.dirname, '../cases/passes');

/** What f16 weights may change. */
const COMPRESSED_TOLERANCE = 2e-3;

const passes = new Map([...(await loadPasses()), ...COMPRESSION].map(pass => [pass.name, pass]));

const cases = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll(sep, '/'))
  .filter(path => path.endsWith('.txt'))
  .map(path => {
    const [pass, change, name, ...deeper] = path.replace(/\.txt$/, '').split('/');
    const text = readFileSync(join(FOLDER, path), 'utf8').replaceAll(/^#.*\n/gm, '');
    const [before, after, ...rest] = text.split('==>\n');
    if (name === undefined || deeper.length > 0) throw new Error(`${path} is not in a folder PASS/CHANGE`);
    if (before === undefined || after === undefined || rest.length > 0) throw new Error(`${path} is not a case`);
    return { pass: pass!, change: change!, name: `${change!}/${name}`, before, after, fires: after !== 'unchanged\n' };
  });

const parse = (text: string) => parseGraph({ text, constants: [] });

describe.each([...passes.values()])('$name', pass => {
  const own = cases.filter(({ pass: folder }) => folder === pass.name);
  const fires = own.filter(({ fires }) => fires);

  describe.each(pass.changes)('$name', ({ name: change }) => {
    const ofChange = own.filter(({ change: folder }) => folder === change);

    it('has cases that fire and cases that must not', () => {
      expect(new Set(ofChange.map(({ fires }) => fires))).toEqual(new Set([true, false]));
    });

    it('is counted in every case that fires, and nothing is counted in the others', () => {
      const wrong = ofChange.filter(({ before, fires }) => {
        const counts = new Map<string, number>();
        pass.run(parse(before), (name, times = 1) => counts.set(name, (counts.get(name) ?? 0) + times));
        return fires ? !(counts.get(change)! > 0) : counts.size > 0;
      });
      expect(wrong.map(({ name }) => name)).toEqual([]);
    });
  });

  it.each(own)('$name', ({ before, after, fires }) => {
    const graph = parse(before);
    expect(printGraph(graph).text, 'the case is not printed like a graph').toBe(before);
    const changed = pass.run(graph);
    if (!fires) {
      expect(printGraph(changed).text).toBe(before);
      expect(changed).toBe(graph);
    } else {
      verify(changed);
      expect(printGraph(changed).text).toBe(after);
    }
  });

  describe('keeps the results', () => {
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

it('every case belongs to a change of a pass', () => {
  const lost = cases.filter(({ pass, change }) => !passes.get(pass)?.changes.some(({ name }) => name === change));
  expect(lost.map(({ name }) => name)).toEqual([]);
});

it('a pass that is loaded for an op changes no graph without it', async () => {
  const entries = new Map(PASSES.map(pass => [pass.name, pass]));
  for (const { pass, name, before, fires } of cases) {
    const entry = entries.get(pass);
    if (!fires || entry === undefined) continue;
    const graph = parse(before);
    expect(await runPass(entry, graph), `${pass}/${name}`).not.toBe(graph);
  }
});
