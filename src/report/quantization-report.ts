import { bars } from './charts.ts';
import { html } from './html.ts';
import { type Fact, page, table } from './page.ts';

/** Bars in a chart. */
const MOST = 30;

/** A layer with weights; without a reason to stay f32, it computes in int8. */
interface Layer {
  readonly name: string;
  readonly type: string;
  readonly noise?: number | undefined;
  readonly reason?: string;
}

/** What the page shows of a quantized model. */
export interface Quantization {
  readonly quantized: readonly Layer[];
  readonly kept: readonly Layer[];
  readonly kernels: { readonly int8: number; readonly all: number } | undefined;
  readonly drop: number | undefined;
  readonly images: number;
}

export function quantizationReport(title: string, facts: readonly Fact[], model: Quantization): string {
  const { quantized, kept, kernels, drop, images } = model;
  const layers = [...quantized, ...kept].toSorted((a, b) => (b.noise ?? -1) - (a.noise ?? -1));
  const numbers: readonly Fact[] = [
    ['layers in int8', `${quantized.length} of ${layers.length}`],
    ...(kernels === undefined ? [] : [['int8 kernels', `${kernels.int8} of ${kernels.all} that run`] as const]),
    ...(drop === undefined ? [] : [['drop of mAP', drop.toFixed(4)] as const]),
    ['images', images],
  ];
  const noisiest = layers.flatMap(({ name, noise, reason }) =>
    noise === undefined ? [] : [{ name, value: noise, text: `${noise.toFixed(3)}, ${reason ?? 'int8'}` }],
  );
  return page(
    title,
    [...numbers, ...facts],
    [
      html`<section>
        <h2>Layers that change most</h2>
        <p>
          Noise: the root of the mean square of the change that quantization makes to a layer's output, relative to the
          output, given unchanged inputs.
        </p>
        ${bars('Noise of the layers that change most', noisiest.slice(0, MOST))}
      </section>`,
      html`<section>
        <h2>All layers</h2>
        ${table(
          ['layer', 'type', 'noise', 'decision'],
          layers.map(({ name, type, noise, reason }) => [name, type, noise?.toFixed(4) ?? '-', decision(reason)]),
        )}
      </section>`,
    ],
  );
}

const decision = (reason: string | undefined): string => (reason === undefined ? 'int8' : `f32: ${reason}`);
