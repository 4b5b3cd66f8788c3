import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DecantError } from '../../src/errors.ts';
import { readTable } from '../../src/wire/leveldb-table.ts';
import { Inputs } from '../../tools/fuzz/inputs.ts';
import { minimize } from '../../tools/fuzz/minimize.ts';
import { judge, type Outcome } from '../../tools/fuzz/problem.ts';
import { printFiles, type Target } from '../../tools/fuzz/target.ts';
import { TARGETS } from '../../tools/fuzz/targets.ts';
import { list, numeric, text, type Tree } from '../../tools/fuzz/tree.ts';
import { Watched } from '../../tools/fuzz/watched.ts';
import { ROOT, run } from '../support/run-cli.ts';

const TOOL = join(ROOT, 'tools', 'fuzz.mjs');

const targetNamed = (name: string): Target => TARGETS.find(target => target.name === name)!;

describe.each(TARGETS)('the target $name', target => {
  it('starts from inputs most of which are read', async () => {
    const seeds = await target.seeds();
    const step = Math.ceil(seeds.length / 20);
    const refused: string[] = [];
    for (const seed of seeds.filter((_, i) => i % step === 0)) {
      try {
        await target.run(printFiles(target, await seed()));
      } catch (thrown) {
        if (!(thrown instanceof DecantError)) throw thrown;
        refused.push(thrown.message);
      }
    }
    // A few graphs cannot be written in the format: they have types or names that it lacks.
    expect(refused.length, refused.join('\n')).toBeLessThanOrEqual(seeds.length / step / 10);
  });

  it('makes the same inputs from the same seed, and others from another', async () => {
    const bytes = async (seed: number): Promise<string> => {
      const inputs = new Inputs(target, seed);
      const parts: Uint8Array[] = [];
      for (let i = 0; i < 5; i++) parts.push(...printFiles(target, await inputs.at(i)).values());
      return Buffer.concat(parts).toString('base64');
    };
    expect(await bytes(1)).toBe(await bytes(1));
    expect(await bytes(1)).not.toBe(await bytes(2));
  });
});

it('mutated tables keep right checksums', async () => {
  const target = targetNamed('checkpoint');
  const inputs = new Inputs(target, 1);
  const problems = new Map<string, number>();
  for (let i = 0; i < 200; i++) {
    for (const [path, data] of printFiles(target, await inputs.at(i))) {
      if (!path.endsWith('.index')) continue;
      let outcome = 'read';
      try {
        Array.from(readTable(data));
      } catch (thrown) {
        outcome = (thrown as Error).message.includes('checksum') ? 'checksum' : 'other';
      }
      problems.set(outcome, (problems.get(outcome) ?? 0) + 1);
    }
  }
  expect(problems.get('read')).toBeGreaterThan(100);
  // Those that were corrupted on purpose, after the checksum.
  expect(problems.get('checksum') ?? 0).toBeLessThan(20);
});

describe('judge', () => {
  it('takes errors that blame the input for refusals, and all others for bugs', () => {
    expect(judge(new DecantError('malformed', 'no'))).toBe('refused');
    expect(judge(new DecantError('internal', 'no'))).toMatchObject({ kind: 'bug' });
    expect(judge(new RangeError('index 5'))).toMatchObject({
      kind: 'bug',
      message: expect.stringMatching(/^RangeError: index 5/) as string,
    });
  });

  it('tells faults apart by message and place, not by numbers and names', () => {
    const signatureOf = (message: string): unknown =>
      (judge(new TypeError(message)) as { readonly signature: string }).signature;
    expect(signatureOf(`'a' has 5`)).toBe(signatureOf(`'b' has -6`));
    expect(signatureOf('a')).not.toBe(signatureOf('b'));
  });
});

describe('minimize', () => {
  const items = Array.from({ length: 40 }, (_, i) =>
    list('item', '', [numeric('id', '', i), text('name', '', `name of ${i}`)]),
  );
  const tree = list('all', '', items);
  const idsIn = (part: Tree): readonly (number | bigint)[] =>
    part.kind === 'list' ? part.items.flatMap(idsIn) : part.kind === 'number' ? [part.value] : [];

  it('leaves only what the problem needs', async () => {
    const shows = (part: Tree): Promise<boolean> => Promise.resolve([7, 31].every(id => idsIn(part).includes(id)));
    const smallest = await minimize(tree, shows, 1000);
    expect(idsIn(smallest)).toEqual([7, 31]);
    expect(smallest).toEqual(
      list(
        'all',
        '',
        [7, 31].map(id => list('item', '', [numeric('id', '', id)])),
      ),
    );
  });

  it('tries no more than the given number of inputs', async () => {
    let tried = 0;
    const shows = (): Promise<boolean> => Promise.resolve(++tried < 0);
    expect(await minimize(tree, shows, 10)).toBe(tree);
    expect(tried).toBe(10);
  });
});

describe('a watched process', () => {
  const misbehaving = new Watched({ module: join(import.meta.dirname, 'misbehave.mjs'), seconds: 1, bytes: 3e8 });
  const outcomesOf = (target: string): Promise<readonly Outcome[]> => misbehaving.run({ target, files: new Map() });
  afterAll(() => {
    misbehaving.stop();
  });

  it('returns an outcome for every input', async () => {
    const watched = new Watched();
    const outcomes = await watched.run({ target: 'labels', range: { seed: 1, first: 0, count: 30 } });
    watched.stop();
    expect(outcomes.length).toBe(30);
    expect(new Set(outcomes)).toEqual(new Set(['read', 'refused']));
  });

  it('is stopped if it hangs, grows or crashes, and starts anew', async () => {
    expect(await outcomesOf('hang')).toMatchObject([{ kind: 'hang' }]);
    expect(await outcomesOf('read')).toEqual(['read']);
    expect(await outcomesOf('grow')).toMatchObject([{ kind: 'memory' }]);
    expect(await outcomesOf('crash')).toMatchObject([
      { kind: 'crash', message: expect.stringMatching(/^SIGSEGV/) as string },
    ]);
    expect(await outcomesOf('exit')).toMatchObject([
      { kind: 'crash', message: expect.stringMatching(/^exit code 7/) as string },
    ]);
    expect(await outcomesOf('read')).toEqual(['read']);
  });
});

describe('npm run fuzz', () => {
  it('counts the inputs of each target', async () => {
    const { code, stdout } = await run(process.execPath, [TOOL, 'labels', 'tflite', '--inputs', '40', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { target: 'labels', inputs: 40, findings: [] },
      { target: 'tflite', inputs: 40, read: expect.toSatisfy((read: number) => read > 0) as number, findings: [] },
    ]);
  });

  it('rejects unknown targets and options', async () => {
    expect(await run(process.execPath, [TOOL, 'nothing'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no target') as string,
    });
    expect(await run(process.execPath, [TOOL, '--seed', 'x'])).toMatchObject({ code: 2 });
    expect(await run(process.execPath, [TOOL, '--what'])).toMatchObject({ code: 2 });
  });

  it('explains itself', async () => {
    const { code, stdout } = await run(process.execPath, [TOOL, '--help']);
    expect(code).toBe(0);
    for (const { name } of TARGETS) expect(stdout).toContain(`  ${name} `);
  });
});
