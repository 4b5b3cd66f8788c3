import { createCanvas } from '@napi-rs/canvas';

const WIDTH = 960;
/** Margin, and the space between names and bars. */
const MARGIN = 16;
const SPACE = 10;
const FONT = '13px sans-serif';
/** Room for the number after a bar. */
const RIGHT = 60;
const TOP = 70;
const PANEL_TITLE = 24;
const BAR = 16;
const GAP = 14;

/**
 * Draws groups of bars, in one panel or several side by side, as a PNG.
 *
 * @param series label and color of each kind of bar, by key
 * @param panels title and format of each panel
 * @param groups a name, and bars of a key and a value for each panel; an undefined value is not drawn
 */
export function drawBars({ title, series, panels, groups }) {
  const top = TOP + (panels.length > 1 ? PANEL_TITLE : 0);
  const height = top + groups.reduce((sum, { bars }) => sum + BAR * bars.length + GAP, 0);
  // Twice the size, for screens with small pixels.
  const canvas = createCanvas(2 * WIDTH, 2 * height);
  const context = canvas.getContext('2d');
  context.scale(2, 2);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, WIDTH, height);
  const write = (text, x, y, { color = '#1c2024', align = 'left', font = FONT } = {}) => {
    Object.assign(context, { fillStyle: color, textAlign: align, font, textBaseline: 'middle' });
    context.fillText(text, x, y);
  };
  write(title, MARGIN, 22, { font: 'bold 16px sans-serif' });
  let x = MARGIN;
  for (const { label, color } of Object.values(series)) {
    context.fillStyle = color;
    context.fillRect(x, 42, 12, 12);
    write(label, x + 18, 48);
    x += 42 + context.measureText(label).width;
  }
  context.font = FONT;
  const first = MARGIN + SPACE + Math.max(...groups.map(({ name }) => context.measureText(name).width));
  const room = (WIDTH - first) / panels.length;
  panels.forEach((panel, i) => {
    const left = first + i * room;
    const values = groups.flatMap(({ bars }) => bars.map(bar => bar.values[i] ?? 0));
    const scale = (room - RIGHT) / Math.max(1, ...values);
    if (panels.length > 1) write(panel.title, left, TOP + 4, { color: '#5b6470' });
    let y = top;
    for (const { name, bars } of groups) {
      if (i === 0) write(name, first - SPACE, y + (BAR * bars.length) / 2, { align: 'right' });
      for (const { key, values } of bars) {
        const value = values[i];
        if (value !== undefined) {
          const width = Math.max(1, value * scale);
          context.fillStyle = series[key].color;
          context.fillRect(left, y, width, BAR - 2);
          write(panel.format(value), left + width + 6, y + BAR / 2 - 1, { color: '#5b6470' });
        }
        y += BAR;
      }
      y += GAP;
    }
  });
  return canvas.encode('png');
}
