import type { Labels } from '../labels/labels.ts';
import type { Graph } from '../ov/graph.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import type { Kernels } from '../quantize/count-kernels.ts';
import type { KeptLayer, QuantizedLayer } from '../quantize/quantize-graph.ts';

/** A quantized model, in memory, for `saveModel`. */
export interface QuantizedModel {
  readonly name: string;
  readonly path: string;
  readonly conversion: { readonly graph: Graph };
  readonly labels: Labels | undefined;
  readonly rtInfo: RtInfo;
  /** Layers that compute with 8-bit integers. */
  readonly quantized: readonly QuantizedLayer[];
  /** Layers that stay f32, and why. */
  readonly kept: readonly KeptLayer[];
  /** Number of executed layers with weights, and how many of them OpenVINO computes in int8; undefined unless `countKernels`. */
  readonly kernels: Kernels | undefined;
  /** Drop of the mAP, if `maxDrop` or `annotations` are given. */
  readonly drop: number | undefined;
  /** Number of images used. */
  readonly images: number;
  /** What makes the result less reliable: few, unreadable or empty images. */
  readonly warnings: readonly string[];
}
