/** Metadata of a model, from its `<rt_info>` element. */
export interface RtInfo {
  readonly [key: string]: string | RtInfo;
}

export interface BinPart {
  readonly byteLength: number;
  bytes(): Uint8Array;
}

export interface Ir {
  readonly xml: string;
  readonly bin: readonly BinPart[];
  /** Bytes of the `.bin` file by element type, without padding. */
  readonly bytesByType: Readonly<Record<string, number>>;
}

export const binLength = ({ bin }: Pick<Ir, 'bin'>): number => bin.reduce((sum, part) => sum + part.byteLength, 0);

export function joinBin(bin: readonly BinPart[]): Uint8Array {
  // Decoded first: a corrupt part is an error, and may claim to be of any size.
  const parts = bin.map(part => part.bytes());
  const joined = new Uint8Array(binLength({ bin }));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.byteLength;
  }
  return joined;
}
