import type { DecantError } from '../errors.ts';

export interface Input {
  readonly kind: 'image' | 'video';
  /** Name in results and messages: the path as the user would write it, the URL, or `-` for standard input. */
  readonly name: string;
  readonly from: 'file' | 'url' | 'stdin' | 'camera';
  /** Base of output file names: the path within the folder that the user named, without extension. */
  readonly stem: string;
  /** Extension in lower case, with its dot; empty if there is none. */
  readonly ending: string;
  /** Why it cannot be read, if that is known already. */
  readonly problem?: DecantError;
}
