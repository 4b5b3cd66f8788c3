import type { DetectionResult } from '../../detector.ts';
import type { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';

/** What was found in a picture, with its pixels. */
export interface FoundRecord extends DetectionResult {
  /** The input's name. */
  readonly file: string;
  readonly page?: number | undefined;
}

/** What became of a picture of an input. */
export type Step = {
  readonly input: Input;
  /** Whether nothing else of the input follows. */
  readonly last: boolean;
  /** Paths of the files that were written about it. */
  readonly saved: readonly string[];
} & (
  | { readonly record: FoundRecord; readonly error?: undefined }
  | { readonly record?: undefined; readonly error: DecantError }
);
