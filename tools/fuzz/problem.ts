import { DecantError } from '../../src/errors.ts';

/** What an input did: it was read, it was refused with an error that blames it, or it found a fault. */
export type Outcome = 'read' | 'refused' | Problem;

export interface Problem {
  /** `bug` is an error that does not blame the input, `crash` the end of the process. */
  readonly kind: 'bug' | 'hang' | 'memory' | 'crash';
  readonly message: string;
  /** Equal for inputs that seem to find the same fault. */
  readonly signature: string;
}

/** Judges an error that a reader threw. */
export function judge(thrown: unknown): Outcome {
  if (thrown instanceof DecantError && thrown.code !== 'internal') return 'refused';
  const { name, message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const frames = [...stack.matchAll(/^ +at (?:async )?(?:([^(\n]*) \()?([^()\n]*src\/[^()\n]*):\d+:\d+\)?$/gm)];
  const at = frames.map(([, caller = '', path]) => `${caller} (${/src\/.*/.exec(path!)![0]})`);
  return {
    kind: 'bug',
    message: [`${name}: ${message.slice(0, 300)}`, ...at.slice(0, 6)].join('\n  at '),
    signature: `bug ${generalized(message)} ${at[0] ?? ''}`,
  };
}

/** Numbers and quotes differ between inputs that find the same fault. */
const generalized = (message: string): string =>
  message
    .slice(0, 200)
    .replaceAll(/'[^']*'|"[^"]*"/g, "'...'")
    .replaceAll(/-?\d+(?:n|\.\d+)?/g, 'N');
