/** Text by key, nested, as `<rt_info>` of a model holds it. */
export interface RtInfo {
  readonly [key: string]: string | RtInfo;
}

/** An OpenVINO IR of version 11. The weights are a list of parts that stand one behind the other in the `.bin` file. */
export interface Ir {
  readonly xml: string;
  readonly bin: readonly Uint8Array[];
}

export const binLength = ({ bin }: Pick<Ir, 'bin'>): number => bin.reduce((sum, part) => sum + part.byteLength, 0);

/** The weights in one piece. */
export function joinBin(bin: readonly Uint8Array[]): Uint8Array {
  if (bin.length === 1) return bin[0]!;
  const joined = new Uint8Array(binLength({ bin }));
  let offset = 0;
  for (const part of bin) {
    joined.set(part, offset);
    offset += part.byteLength;
  }
  return joined;
}
