import type { Part, Ports } from '../detect/heads/port.ts';

/** What the graph of a model shows about its outputs beyond their shapes. */
export type OutputStructure = Pick<
  Ports,
  'selection' | 'areRowsPixels' | 'indices' | 'oneBased' | 'boxOrder' | 'firstCell' | 'classCount'
> & {
  /** By output, then by axis. */
  readonly parts: Readonly<Record<string, Readonly<Record<number, readonly Part[]>>>>;
  readonly directions?: Readonly<Record<string, Readonly<Record<number, string>>>>;
};

/** Reads the JSON in which an IR keeps the structure; undefined for other text. */
export function parseStructure(text: string): OutputStructure | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isStructure(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isStructure = (value: unknown): value is OutputStructure =>
  isRecord(value) &&
  isRecord(value['parts']) &&
  areLetters(value['directions'] ?? {}) &&
  [value['indices'], value['oneBased']].every(list => list === undefined || Array.isArray(list)) &&
  Object.values(value['parts']).every(
    byAxis =>
      isRecord(byAxis) &&
      Object.values(byAxis).every(
        parts => Array.isArray(parts) && parts.every(part => isRecord(part) && typeof part['width'] === 'number'),
      ),
  );

const areLetters = (directions: unknown): boolean =>
  isRecord(directions) &&
  Object.values(directions).every(
    byAxis => isRecord(byAxis) && Object.values(byAxis).every(letters => typeof letters === 'string'),
  );

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export const withStructure = (ports: Ports, { parts, directions = {}, ...structure }: OutputStructure): Ports => ({
  ...ports,
  ...structure,
  outputs: ports.outputs.map(port => {
    const own = port.names.map(name => parts[name]).find(found => found !== undefined);
    const letters = port.names.map(name => directions[name]).find(found => found !== undefined);
    return { ...port, ...(own && { parts: own }), ...(letters && { directions: letters }) };
  }),
});
