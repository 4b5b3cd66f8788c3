import type { Part, Ports } from '../detect/heads/port.ts';

/** What the graph of a model shows about its outputs beyond their shapes. */
export type OutputStructure = Pick<Ports, 'selection' | 'areRowsPixels' | 'indices' | 'boxOrder'> & {
  /** By output, then by axis. */
  readonly parts: Readonly<Record<string, Readonly<Record<number, readonly Part[]>>>>;
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
  (value['indices'] === undefined || Array.isArray(value['indices'])) &&
  Object.values(value['parts']).every(
    byAxis =>
      isRecord(byAxis) &&
      Object.values(byAxis).every(
        parts => Array.isArray(parts) && parts.every(part => isRecord(part) && typeof part['width'] === 'number'),
      ),
  );

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export const withStructure = (ports: Ports, { parts, ...structure }: OutputStructure): Ports => ({
  ...ports,
  ...structure,
  outputs: ports.outputs.map(port => {
    const name = port.names.find(each => parts[each] !== undefined);
    return name === undefined ? port : { ...port, parts: parts[name] };
  }),
});
