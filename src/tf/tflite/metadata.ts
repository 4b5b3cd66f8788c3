import { hasFile } from '../../source/has-file.ts';
import type { Source } from '../../source/source.ts';
import { zipSource } from '../../source/zip-source.ts';
import { bytes, children, decodeFlatbuffer, numbers, reference, scalar, table, text } from '../../wire/flatbuffer.ts';
import type { BoxDecoding, Normalization } from '../model.ts';
import { readDetectorMetadata } from './detector-metadata.ts';
import type { LiteModel } from './schema.ts';

/** Field ids are those of the schema of TensorFlow Lite's metadata, version 1. */
const files = table('AssociatedFile', { name: text(0), type: scalar(2, 'int8') });

const tensorMetadata = table('TensorMetadata', {
  name: text(0),
  units: children(4, table('ProcessUnit', { type: scalar(0, 'uint8'), options: reference(1) })),
  files: children(6, files),
});

const modelMetadata = table('ModelMetadata', {
  subgraphs: children(
    3,
    table('SubGraphMetadata', {
      inputs: children(2, tensorMetadata),
      outputs: children(3, tensorMetadata),
      files: children(4, files),
      custom: children(9, table('CustomMetadata', { name: text(0), data: bytes(1) })),
    }),
  ),
  files: children(6, files),
});

const normalization = table('NormalizationOptions', { mean: numbers(0, 'float'), std: numbers(1, 'float') });

const METADATA = 'TFLITE_METADATA';
const DETECTOR = 'DETECTOR_METADATA';
const NORMALIZATION = 1;

/** Names by the position along an axis, and by the value. */
const LABELS: ReadonlySet<number> = new Set([2, 3]);

/** A name per line; the largest data sets have some thousand classes. */
const MAX_LABELS_BYTES = 2 ** 22;

/** What a label file has in place of a class that the data set does not have. */
const NO_CLASS = '???';

export interface LiteMetadata {
  /** Class names by id, undefined for unused ids. */
  readonly labels?: readonly (string | undefined)[];
  /** Of the first input. */
  readonly normalization?: Normalization;
  readonly decoding?: BoxDecoding;
  /** What the outputs of a detector without NMS are called, in the order of the graph. */
  readonly outputs?: readonly string[];
}

/** Reads what a file says about itself. Its class names are in a zip archive behind the flatbuffer. */
export async function readMetadata(name: string, file: Uint8Array, model: LiteModel): Promise<LiteMetadata> {
  const entry = model.metadata.find(each => each.name === METADATA);
  const content = entry && model.buffers[entry.buffer]?.data;
  if (content === undefined) return {};
  const metadata = decodeFlatbuffer(modelMetadata, content);
  const [subgraph] = metadata.subgraphs;
  const unit = subgraph?.inputs[0]?.units.find(({ type }) => type === NORMALIZATION);
  const { mean = [], std = [] } = unit?.options?.decode(normalization) ?? {};
  const all = [
    ...(subgraph?.outputs ?? []).flatMap(output => output.files),
    ...(subgraph?.files ?? []),
    ...metadata.files,
  ];
  const labelFile = all.find(({ type, name: path }) => LABELS.has(type) && path !== '')?.name;
  const detector = subgraph?.custom.find(each => each.name === DETECTOR)?.data;
  const decoding = detector && readDetectorMetadata(detector);
  const lines = labelFile === undefined ? undefined : await readLines(name, file, labelFile);
  return {
    ...(lines && { labels: labelsOf(lines, decoding !== undefined) }),
    ...(decoding && { decoding, outputs: subgraph.outputs.map(output => output.name) }),
    ...(mean.length > 0 &&
      mean.length === std.length &&
      std.every(each => each > 0) && { normalization: { mean, std } }),
  };
}

async function readLines(name: string, file: Uint8Array, path: string): Promise<readonly string[] | undefined> {
  if (!endsWithArchive(file)) return undefined;
  const archive: Source = zipSource(name, file);
  if (!(await hasFile(archive, path)) || (await archive.size(path)) > MAX_LABELS_BYTES) return undefined;
  return new TextDecoder()
    .decode(await archive.read(path))
    .trimEnd()
    .split(/\r?\n/);
}

/** In files for models with a background class, it comes first. Only detectors without NMS count it, as a column of scores. */
function labelsOf(lines: readonly string[], hasColumns: boolean): NonNullable<LiteMetadata['labels']> {
  const names = lines[0] === NO_CLASS && !hasColumns ? lines.slice(1) : lines;
  return names.map(line => (line === NO_CLASS || line.trim() === '' ? undefined : line.trim()));
}

/** The last record of an archive, with a comment of up to 64 kB behind. */
const END = [0x50, 0x4b, 0x05, 0x06];
const MAX_END_BYTES = 22 + 2 ** 16;

function endsWithArchive(file: Uint8Array): boolean {
  const tail = file.subarray(Math.max(0, file.byteLength - MAX_END_BYTES));
  return tail.some((_, i) => END.every((byte, k) => tail[i + k] === byte));
}
