/** What is printed to standard error besides errors: nothing, what users want to know, or all details. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

let current: Verbosity = 'normal';

export const verbosity = (): Verbosity => current;

export function setVerbosity({ quiet = false, verbose = false }: VerbosityOptions): void {
  if (quiet) current = 'quiet';
  else current = verbose ? 'verbose' : 'normal';
}

export interface VerbosityOptions {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}
