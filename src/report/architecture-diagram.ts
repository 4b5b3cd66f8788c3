import type { Block } from '../architecture/block.ts';
import type { ModelPart } from '../architecture/find-parts.ts';
import { Html, html } from './html.ts';

const WIDTH = 1120;
const MARGIN = 20;
const GAP = 16;
const LINE = 17;
const PADDING = 12;
const HEADING = 30;
const ARROW = 26;

const PER_ROW = { maps: 6, ports: 3, work: 1 } as const;

/** Approximate; longer text is cut. */
const CHARACTER = 6.8;

const LARGEST_SQUARE = 40;

const STYLE = `text { font-family: system-ui, sans-serif; font-size: 12px; fill: #5b6470; }
.ground { fill: #ffffff; } .card { fill: #f4f6f8; stroke: #d4d8de; } .strong { font-weight: 600; font-size: 14px; fill: #1c2024; }
.name { font-weight: 600; font-size: 19px; fill: #1c2024; } .square { fill: #0b62c4; } .arrow { fill: none; stroke: #5b6470; stroke-width: 1.5; }
@media (prefers-color-scheme: dark) { text { fill: #9aa4b0; } .ground { fill: #121519; } .card { fill: #1b1f24; stroke: #3a4048; }
.strong, .name { fill: #e6e8eb; } .square { fill: #6db3ff; } .arrow { stroke: #9aa4b0; } }`;

interface Drawn {
  readonly height: number;
  readonly content: Html;
}

/**
 * Draws the parts of a model as an SVG, 1120 pixels wide, with data flowing downwards. The squares of feature maps grow with
 * the logarithm of their size. Colors follow the reader's light or dark scheme.
 */
export function drawArchitecture(name: string, summary: string, parts: readonly ModelPart[]): string {
  const largest = Math.max(1, ...parts.flatMap(({ blocks }) => blocks.map(({ side = 0 }) => side)));
  let y = MARGIN + 50;
  const sections = parts.map((part, i) => {
    const { height, content } = drawPart(part, y, largest);
    y += height;
    if (i === parts.length - 1) return content;
    const arrow = drawArrow(y);
    y += ARROW;
    return html`${content}${arrow}`;
  });
  const height = y + MARGIN;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${WIDTH}"
    height="${height}"
    viewBox="0 0 ${WIDTH} ${height}"
    role="img"
  >
    <title>${name}</title>
    <style>
      ${new Html(STYLE)}
    </style>
    <rect class="ground" width="${WIDTH}" height="${height}" />
    <text class="name" x="${MARGIN}" y="${MARGIN + 16}">${cut(name, 90)}</text>
    <text x="${MARGIN}" y="${MARGIN + 36}">${cut(summary, 150)}</text>
    ${sections}
  </svg> `.text;
}

function drawPart({ title, kind, blocks }: ModelPart, top: number, largest: number): Drawn {
  const perRow = PER_ROW[kind];
  const width = (WIDTH - 2 * MARGIN - (perRow - 1) * GAP) / perRow;
  const rows = Array.from({ length: Math.ceil(blocks.length / perRow) }, (_, row) =>
    blocks.slice(row * perRow, (row + 1) * perRow),
  );
  let y = top + HEADING - 8;
  const cards = rows.flatMap(row => {
    const height = 2 * PADDING + LINE * Math.max(...row.map(block => 1 + linesOf(block).length));
    const drawn = row.map((block, i) => drawCard(block, MARGIN + i * (width + GAP), y, width, height, largest));
    y += height + GAP;
    return drawn;
  });
  const heading = html`<text class="strong" x="${MARGIN}" y="${top + 12}">${title}</text>`;
  return { height: y - GAP - top, content: html`${heading}${cards}` };
}

function drawCard(block: Block, x: number, y: number, width: number, height: number, largest: number): Html {
  const { title, side } = block;
  const square = side === undefined ? 0 : Math.max(4, (LARGEST_SQUARE * Math.log2(1 + side)) / Math.log2(1 + largest));
  const room = (width - 2 * PADDING - (square === 0 ? 0 : LARGEST_SQUARE)) / CHARACTER;
  const place = x + width - PADDING - square;
  const lines = linesOf(block).map(
    (line, i) => html`<text x="${x + PADDING}" y="${y + PADDING + LINE * (i + 2) - 5}">${cut(line, room)}</text>`,
  );
  return html`<rect class="card" x="${x}" y="${y}" width="${width}" height="${height}" rx="6" />
    <text class="strong" x="${x + PADDING}" y="${y + PADDING + LINE - 5}">${cut(title, room * 0.85)}</text>${lines}
    ${square === 0 ? new Html('') : html`<rect class="square" x="${place}" y="${y + PADDING}" width="${square}" height="${square}" rx="2" />`}`;
}

const linesOf = ({ lines, ops, weightBytes }: Block): readonly string[] => [
  ...lines,
  ...(ops === 0 ? [] : [`${ops} ${ops === 1 ? 'op' : 'ops'}${weightBytes === 0 ? '' : `, ${bytesText(weightBytes)}`}`]),
];

const bytesText = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

const drawArrow = (y: number): Html => {
  const x = MARGIN + 2 * PADDING;
  const tip = y + ARROW - 8;
  return html`<path class="arrow" d="M${x} ${y + 4}V${tip}M${x - 5} ${tip - 5}L${x} ${tip}L${x + 5} ${tip - 5}" />`;
};

const cut = (text: string, most: number): string => {
  const letters = Array.from(text.replaceAll(/[^\P{C}\t]/gu, ' '));
  return letters.length <= most ? text : `${letters.slice(0, Math.floor(most) - 1).join('')}…`;
};
