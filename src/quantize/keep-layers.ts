import { DecantError } from '../errors.ts';
import type { Node } from '../ov/graph.ts';

/** Chooses layers by parts of their names, where `*` stands for any text. */
export class KeepLayers {
  readonly #tests: readonly { readonly pattern: string; readonly test: RegExp }[];
  readonly #matched = new Set<string>();

  constructor(patterns: readonly string[]) {
    this.#tests = patterns.map(pattern => ({
      pattern,
      test: new RegExp(
        pattern
          .split('*')
          .map(part => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`))
          .join('.*'),
      ),
    }));
  }

  reasonFor({ name }: Node): string | undefined {
    const matches = this.#tests.filter(({ test }) => test.test(name));
    for (const { pattern } of matches) this.#matched.add(pattern);
    return matches.length === 0 ? undefined : `its name contains '${matches[0]!.pattern}'`;
  }

  /** @throws DecantError `not-found` for a pattern that no layer matched */
  checkAllMatched(): void {
    const unmatched = this.#tests.find(({ pattern }) => !this.#matched.has(pattern));
    if (unmatched === undefined) return;
    throw new DecantError('not-found', `no layer with weights has a name that contains '${unmatched.pattern}'`, {
      remedy: '`decant dump MODEL --stage ir` prints the names.',
    });
  }
}
