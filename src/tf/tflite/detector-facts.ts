import { attrFloats, attrInt, attrInts } from '../attrs.ts';
import type { DetectorFacts, Normalization } from '../model.ts';
import type { LiteMetadata } from './metadata.ts';
import { DETECTION } from './ops/custom.ts';
import type { LiteGraphs } from './to-graph.ts';

/** Returns what the metadata and the graph tell about a detector. */
export function detectorFacts({ graph, signatures }: LiteGraphs, metadata: LiteMetadata): DetectorFacts {
  const selection = [...graph.values()].find(({ op }) => op === DETECTION);
  const image = [...(signatures.values().next().value?.inputs.values() ?? [])][0];
  const normalization = metadata.normalization && image && asFed(metadata.normalization, image.tensor, graph);
  return {
    ...(metadata.labels && { labels: metadata.labels }),
    ...(selection && { classCount: attrInt(selection, 'num_classes') }),
    ...(normalization && { normalization }),
    ...(metadata.decoding && { decoding: metadata.decoding }),
  };
}

/** A quantized input takes the integers that stand for the normalized pixels. */
function asFed({ mean, std }: Normalization, input: string, graph: LiteGraphs['graph']): Normalization {
  const user = [...graph.values()].find(({ op, inputs }) => op === 'TFLite_Dequantize' && inputs[0] === input);
  if (user === undefined) return { mean, std };
  const scale = attrFloats(user, 'scale')[0]!;
  const zeroPoint = attrInts(user, 'zero_point')[0]!;
  return {
    mean: mean.map((each, i) => each - zeroPoint * std[i]! * scale),
    std: std.map(each => each * scale),
  };
}
