import { afterAll, describe, expect, it } from 'vitest';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { emptyOpen, emptySized, type Finding, type Outcome, sweep, withoutSizes } from './sweep.ts';
import { TF_FAMILIES } from './tf-cases.ts';

/** Milliseconds for the hundreds of models of a family. */
const TIME_LIMIT = 600_000;

const MODES = { 'unknown sizes': withoutSizes, 'empty, open': emptyOpen, 'empty, sized': emptySized };

const isKnown = ({ name, outcome, text }: Finding): boolean =>
  KNOWN_DIFFERENCES.some(known => known.outcome === outcome && known.cases.test(name) && known.text.test(text));

const counts: Record<string, Record<Outcome, number>> = Object.fromEntries(
  Object.keys(MODES).map(mode => [mode, { right: 0, refused: 0, failed: 0, wrong: 0, crashed: 0 }]),
);

afterAll(() => {
  // eslint-disable-next-line no-console
  if (process.env['npm_lifecycle_event'] === 'report:ops') console.table(counts);
});

describe.each(Object.entries(MODES))('%s', (mode, modelsOf) => {
  it.each([...TF_FAMILIES])(
    '%s',
    async (_family, cases) => {
      const findings = await sweep(await modelsOf(cases));
      for (const { outcome } of findings) counts[mode]![outcome]++;
      const different = findings.filter(each => each.outcome !== 'right' && each.outcome !== 'refused');
      const unknown = different.filter(each => !isKnown(each));
      expect(unknown.map(({ name, outcome, text }) => `${name} ${outcome}: ${text}`)).toEqual([]);
    },
    TIME_LIMIT,
  );
});
