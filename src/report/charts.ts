import { html, type Html } from './html.ts';

const WIDTH = 480;
const HEIGHT = 200;

const LEFT = 66;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 40;

const across = (share: number): number => round(LEFT + share * (WIDTH - LEFT - RIGHT));
const up = (share: number): number => round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM));

const round = (number: number): number => Math.round(number * 100) / 100;

/** Titles of the axes: across and up. */
type Titles = readonly [x: string, y: string];

const frame = (
  label: string,
  [xTitle, yTitle]: Titles,
  xTicks: readonly Tick[],
  yTicks: readonly Tick[],
  content: readonly Html[],
): Html =>
  html` <svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
    ${yTicks.map(
      ([at, text]) =>
        html`<line class="axis" x1="${across(0)}" x2="${across(1)}" y1="${up(at)}" y2="${up(at)}" />
          <text x="${across(0) - 6}" y="${up(at) + 4}" text-anchor="end">${text}</text>`,
    )}
    ${xTicks.map(([at, text]) => html`<text x="${across(at)}" y="${HEIGHT - 24}" text-anchor="middle">${text}</text>`)}
    <text class="title" x="${across(0.5)}" y="${HEIGHT - 6}" text-anchor="middle">${xTitle}</text>
    <text class="title" transform="translate(14 ${up(0.5)}) rotate(-90)" text-anchor="middle">${yTitle}</text>
    ${content}
  </svg>`;

type Tick = readonly [at: number, text: string];

const FIFTHS: readonly Tick[] = [0, 0.2, 0.4, 0.6, 0.8, 1].map(share => [share, share.toFixed(1)]);

const BINS = 20;

export function scoreHistogram(scores: readonly number[]): Html {
  const counts = new Array<number>(BINS).fill(0);
  for (const score of scores) counts[Math.min(BINS - 1, Math.floor(score * BINS))]!++;
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, i) => {
    const left = across(i / BINS) + 1;
    const right = across((i + 1) / BINS) - 1;
    const top = up(count / most);
    const from = (i / BINS).toFixed(2);
    const to = ((i + 1) / BINS).toFixed(2);
    return html`<rect
      class="bar"
      data-bar="${i / BINS}"
      x="${left}"
      width="${round(right - left)}"
      y="${top}"
      height="${round(up(0) - top)}"
      ><title>${from} to ${to}: ${count}</title></rect
    >`;
  });
  const label = `Scores of ${scores.length} objects, at most ${most} per step of 0.05`;
  return frame(
    label,
    ['score', 'objects'],
    FIFTHS,
    [
      [0, '0'],
      [1, String(most)],
    ],
    bars,
  );
}

export interface Curve {
  readonly name: string;
  /** Values from 0 to 1, at equal steps from 0 to 1; negative if undefined. */
  readonly values: readonly number[];
}

/** Distinguishable with color blindness. */
const COLORS = ['#0b7bd6', '#e07b00', '#8a5fe0', '#128a5b', '#c03a6b'];

/** Each line shows between the dashes of those above it, so that all are visible where they coincide. */
const DASHES = ['none', '14 10', '9 15', '5 19', '2 22'];

export const curves = (label: string, titles: Titles, all: readonly Curve[]): Html =>
  html`${frame(label, titles, FIFTHS, FIFTHS, linesOf(all))}${legend(all)}`;

/** Lines of counts over the seconds of a video. */
export function countsOverTime(label: string, seconds: number, most: number, all: readonly Curve[]): Html {
  // Ticks are a fifth of the whole apart, and all are different.
  const digits = seconds < 20 ? Math.max(1, Math.ceil(-Math.log10(Math.max(seconds, 1e-3) / 5))) : 0;
  const xTicks = FIFTHS.map(([at]): Tick => [at, (at * seconds).toFixed(digits)]);
  const yTicks: readonly Tick[] = [[0, '0'], [1, String(most)]]; // prettier-ignore
  return html`${frame(label, ['seconds', 'objects'], xTicks, yTicks, linesOf(all))}${legend(all)}`;
}

/** Below the chart, where no line crosses a name. */
const legend = (all: readonly Curve[]): Html =>
  all.every(({ name }) => name === '')
    ? html``
    : html`<ul class="names">
        ${all.map(
          ({ name }, i) => html`<li><span style="background: ${COLORS[i % COLORS.length]!}"></span>${name}</li>`,
        )}
      </ul>`;

const linesOf = (all: readonly Curve[]): readonly Html[] =>
  all.map(({ name, values }, i) => {
    const points = values.flatMap((value, k) =>
      value < 0 ? [] : [`${across(k / Math.max(1, values.length - 1))},${up(Math.min(1, value))}`],
    );
    return html`<polyline
      class="curve"
      points="${points.join(' ')}"
      stroke="${COLORS[i % COLORS.length]!}"
      stroke-dasharray="${DASHES[i % DASHES.length]!}"
      ><title>${name}</title></polyline
    >`;
  });

/** @param noun what a time is of: `image` or `frame` */
export function timeline(times: readonly number[], noun: string): Html {
  const most = times.reduce((longest, time) => Math.max(longest, time), 1);
  const bars = times.map((time, i) => {
    const left = across(i / times.length);
    const right = across((i + 1) / times.length);
    const width = round(Math.max(0.5, (right - left) * 0.9));
    return html`<rect
      class="bar"
      x="${left}"
      width="${width}"
      y="${up(time / most)}"
      height="${round(up(0) - up(time / most))}"
      ><title>${noun} ${i + 1}: ${time.toFixed(1)} ms</title></rect
    >`;
  });
  const ends: readonly Tick[] = [
    [0, '1'],
    [1, String(times.length)],
  ];
  const label = `Time of each of ${times.length} ${noun}s, at most ${most.toFixed(1)} ms`;
  return frame(
    label,
    [noun, 'milliseconds'],
    times.length > 1 ? ends : [[0.5, '1']],
    [
      [0, '0'],
      [1, most.toFixed(0)],
    ],
    bars,
  );
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** Horizontal bars, each below its whole name. */
export function bars(label: string, all: readonly Bar[]): Html {
  const most = Math.max(...all.map(({ value }) => value), Number.MIN_VALUE);
  return html`<ul class="bars" aria-label="${label}">
    ${all.map(
      ({ name, value, text }) =>
        html`<li>
          <span class="name">${name}</span>
          <span class="bar" style="width: ${round((100 * value) / most)}%"></span>
          <span>${text}</span>
        </li>`,
    )}
  </ul>`;
}
