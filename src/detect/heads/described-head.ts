import type { Size } from '../../image/image.ts';
import type { Labels } from '../../labels/labels.ts';
import { type Nms, suppressed } from '../nms.ts';
import type { RawDetections } from '../raw-detections.ts';
import { boxDecoder } from './decode-boxes.ts';
import { describedEncoding } from './described-encoding.ts';
import type { Head } from './head.ts';
import type { BoxesDescription, HeadDescription, InputDescription, NmsDescription } from './head-description.ts';
import { fedArea, type Feeding, feedImage, type ImagePort, imagePort, noImagePort } from './image-port.ts';
import { formatPorts, missingPorts, portNamed, type Ports } from './port.ts';
import { bestScores } from './best-scores.ts';
import { type CandidateTables, candidateTables, namesOf, shapeProblem, widened } from './tables.ts';

type Identity = Pick<Head, 'name' | 'reason' | 'evidence'>;

const DESCRIBED: Identity = { name: 'described', reason: 'its outputs are described by the user', evidence: 'names' };

/** The head that a description stands for, if the model has its outputs. */
export function describedHead(
  ports: Ports,
  description: HeadDescription,
  identity: Identity = DESCRIBED,
  known?: Labels,
): Head | string {
  const names = namesOf(description.outputs);
  const outputs = names.map(name => portNamed(ports.outputs, name)).filter(port => port !== undefined);
  if (outputs.length < names.length) return missingPorts(ports.outputs, names);
  const problem = shapeProblem(ports.outputs, description.outputs);
  if (problem !== undefined) return problem;
  const input = imagePort(ports, ['NHWC', 'NCHW']);
  if (input === undefined) return noImagePort(ports);
  const feeding = feedingOf(description.input);
  if ((feeding.mean ?? feeding.scale) !== undefined && input.type !== 'f32') {
    return `mean and scale need an input of f32, not ${formatPorts(ports.inputs)}`;
  }
  const nms = nmsOf(description.nms);
  const { first = 0, labels } = description.classes ?? {};
  return {
    ...identity,
    labels: known ?? new Map(labels?.map((label, i) => [first + i, label])),
    firstClassId: first,
    detectionOutputs: nms === undefined ? outputs.filter(({ shape }) => shape.length > 1) : [],
    requiredOutputs: outputs,
    candidateOutputs: [],
    encoding: describedEncoding(ports.outputs, description),
    nms,
    prepare: image => feedImage(image, input, feeding),
    ...(description.boxes.scale !== 'original' && { area: image => fedArea(image, input, feeding) }),
    read(tensors, limits = nms, image = { width: 1, height: 1 }) {
      const tables = candidateTables(tensors, ports.outputs, description.outputs);
      const raw = readCandidates(tables, description, sizesOf(description.boxes, input, image), limits);
      return limits === undefined ? raw : suppressed(raw, limits);
    },
  };
}

const FITS = { stretch: 'standard', letterbox: 'fit_to_window_letterbox', pad: 'fit_to_window' } as const;

function feedingOf({ resize = 'stretch', color, ...rest }: InputDescription = {}): Feeding {
  return { ...rest, fit: FITS[resize], bgr: color === 'bgr' };
}

const nmsOf = (nms: NmsDescription | undefined): Nms | undefined =>
  nms && {
    iouThreshold: nms.iouThreshold ?? 0.5,
    scoreThreshold: nms.scoreThreshold ?? 0.001,
    perClass: nms.perClass ?? true,
    maxDetections: nms.maxDetections ?? 100,
    sigma: nms.sigma,
  };

interface Sizes {
  /** Of the model's input, in pixels. */
  readonly model: Size;
  /** What boxes are divided by to be fractions. */
  readonly unit: Size;
}

function sizesOf({ scale }: BoxesDescription, { width, height }: ImagePort, image: Size): Sizes {
  const model = { width: width ?? image.width, height: height ?? image.height };
  const unit = { pixels: model, fractions: { width: 1, height: 1 }, original: image }[scale];
  return { model, unit };
}

function readCandidates(
  { boxes, scores, objectness, classes, count }: CandidateTables,
  { boxes: description, scores: scoring, classes: { first = 0 } = {} }: HeadDescription,
  { model, unit }: Sizes,
  limits: Nms | undefined,
): RawDetections {
  const best = bestScores(widened(scores, (scores.rows * scores.width) / boxes.rows), scoring);
  const cornersOf = boxDecoder(description, boxes, model);
  const valid = Math.min(boxes.rows, Math.max(0, Math.floor(count ?? boxes.rows)) || 0);
  const lowest = limits?.scoreThreshold ?? -Infinity;
  const found = { boxes: [] as number[], scores: [] as number[], classes: [] as number[] };
  for (let row = 0; row < valid; row++) {
    const { score, column } = best(row);
    const total = score * (objectness?.at(row, 0) ?? 1);
    if (!(total >= lowest)) continue;
    const [ymin, xmin, ymax, xmax] = cornersOf(row);
    found.boxes.push(ymin / unit.height, xmin / unit.width, ymax / unit.height, xmax / unit.width);
    found.scores.push(total);
    found.classes.push(classes?.at(row, 0) ?? first + column);
  }
  return { ...found, count: found.scores.length };
}
