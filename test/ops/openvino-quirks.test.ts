import { beforeAll, describe, expect, it } from 'vitest';
import { readText } from '../conventions/sources.ts';
import { type Answer, inferInChild } from '../support/infer-in-child.ts';
import { difference, typeText } from './compare.ts';
import { graphOf, type Quirk, QUIRKS } from './openvino-quirks.ts';

/** Rows of docs/openvino-quirks.md about time, and about memory that was never written, which may hold the right numbers. */
const UNTESTED = [
  'TopK with `stable`',
  'Convert of an input to its own type, as an output',
  'GatherTree of beams without steps',
  'If with results of unknown sizes',
  'IRDFT of three axes',
  'convolution of images without rows, with explicit padding',
];

/** What is wrong, or undefined. Another failure than that of the quirk says nothing about it. */
function wrongIn({ right, tolerance, failure }: Quirk, answer: Answer): string | undefined {
  if ('outputs' in answer) {
    const y = answer.outputs.get('y')!;
    return typeText(y) === typeText(right) ? difference(y, right, tolerance) : typeText(y);
  }
  const text = 'error' in answer ? answer.error : answer.signal;
  if (failure?.test(text) !== true) throw new Error(text);
  return text;
}

/** If this fails, OpenVINO repaired the quirk: remove the workaround that docs/openvino-quirks.md names, and the entry. */
describe('OpenVINO still fails:', () => {
  const answers = new Map<Quirk, Answer>();

  // Some of them end the process.
  beforeAll(async () => {
    const quirks = Object.values(QUIRKS);
    const found = await inferInChild(
      quirks.map(quirk => ({ graph: graphOf(quirk), runs: [new Map(quirk.inputs.map((x, i) => [`x${i}`, x]))] })),
    );
    quirks.forEach((quirk, i) => answers.set(quirk, found[i]!));
  });

  it.for(Object.entries(QUIRKS))('%s', ([, quirk], { skip }) => {
    const wrong = wrongIn(quirk, answers.get(quirk)!);
    if (quirk.dependsOnCpu === true) skip(wrong === undefined, 'this CPU computes it right');
    expect(wrong).toBeDefined();
  });
});

it('docs/openvino-quirks.md describes each of them, and no others', () => {
  const page = readText('docs/openvino-quirks.md');
  const rows = [...page.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, name]) => name!);
  const described = rows.filter(name => !['Op', '--', ...UNTESTED].includes(name));
  expect(described.toSorted()).toEqual(Object.keys(QUIRKS).toSorted());
});
