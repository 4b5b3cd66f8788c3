/** A file, address or device that pictures come from. */
export interface Input {
  readonly kind: 'picture' | 'video';
  /** What results and messages call it: its path as the user would write it, its URL, `-` for the standard input. */
  readonly name: string;
  readonly from: 'file' | 'url' | 'stdin' | 'camera';
  /** Where files made from it belong: its path below the folder that the user named, without ending. */
  readonly stem: string;
  /** In lower case, with its point; empty where it has none. */
  readonly ending: string;
}
