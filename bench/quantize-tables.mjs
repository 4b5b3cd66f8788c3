// Prints and draws what bench/quantize.mjs measures.
import { drawBars } from './draw-bars.mjs';

const SERIES = {
  f32: { label: 'f32', color: '#9aa4b0' },
  decant: { label: 'decant, int8', color: '#0b62c4' },
  nncf: { label: 'NNCF, int8', color: '#e07b00' },
};

const number = (value, digits) => value?.toFixed(digits) ?? '-';
const pair = (values, digits) => values.map(value => number(value, digits)).join(' / ');
const compared = (values, digits) => `${pair(values, digits)} (${(values[0] / values[1]).toFixed(2)})`;

const COLUMNS = {
  model: ({ name }) => name,
  mAP: ({ AP }) => pair(AP, 3),
  'signal to noise, dB': ({ snr }) => pair(snr, 1),
  'f32, ms': ({ ms }) => ms[0].toFixed(1),
  'int8, ms': ({ ms }) => compared(ms.slice(1), 1),
  'layers in int8': ({ int8 }) =>
    int8
      .slice(1)
      .map(([some, all]) => `${some} of ${all}`)
      .join(' / '),
  '`.bin` against f32': ({ sizes }) => pair([sizes[1] / sizes[0], sizes[2] / sizes[0]], 3),
  'quantizing, s': ({ seconds }) => compared(seconds, 1),
  'CPU time, s': ({ cpu }) => compared(cpu, 1),
  'peak memory, MB': ({ megabytes }) => compared(megabytes, 0),
};

const row = cells => `| ${cells.join(' | ')} |`;

export function quantizationTable(models, { calibration, evaluation, runs }) {
  const names = Object.keys(COLUMNS);
  const lines = [
    `${calibration} images for calibration, ${evaluation} for mAP, medians of ${runs} runs; decant / NNCF, and the ratio in parentheses.`,
    '',
    row(names),
    row(names.map((_, i) => (i === 0 ? '---' : '--:'))),
    ...models.map(model => row(names.map(name => COLUMNS[name](model)))),
  ];
  return `${lines.join('\n')}\n`;
}

export const quantizationChart = models =>
  drawBars({
    title: 'f32, and quantized by decant and by NNCF',
    series: SERIES,
    panels: [
      { title: 'speed, f32 is 1', format: value => `${value.toFixed(2)}x` },
      { title: 'weights, f32 is 1', format: value => value.toFixed(2) },
      { title: 'mAP, f32 is the truth', format: value => value.toFixed(2) },
    ],
    groups: models.map(({ name, ms, sizes, AP }) => ({
      name,
      bars: Object.keys(SERIES).map((key, i) => ({
        key,
        values: [
          ms[0] / ms[i],
          sizes[i] / sizes[0],
          i > 0 ? AP[i - 1] : AP.some(ap => ap !== undefined) ? 1 : undefined,
        ],
      })),
    })),
  });
