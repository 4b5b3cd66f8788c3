/** Text by key, nested, as `<rt_info>` of a model holds it. */
export interface RtInfo {
  readonly [key: string]: string | RtInfo;
}

/** Bytes that may be computed when they are asked for. */
export interface BinPart {
  readonly byteLength: number;
  bytes(): Uint8Array;
}

/** An OpenVINO IR of version 11. The weights are a list of parts that stand one behind the other in the `.bin` file. */
export interface Ir {
  readonly xml: string;
  readonly bin: readonly BinPart[];
  /** How many bytes of the `.bin` file are elements of each type. */
  readonly bytesByType: Readonly<Record<string, number>>;
}

export const binLength = ({ bin }: Pick<Ir, 'bin'>): number => bin.reduce((sum, part) => sum + part.byteLength, 0);

/** The weights in one piece. */
export function joinBin(bin: readonly BinPart[]): Uint8Array {
  const joined = new Uint8Array(binLength({ bin }));
  let offset = 0;
  for (const part of bin) {
    joined.set(part.bytes(), offset);
    offset += part.byteLength;
  }
  return joined;
}
