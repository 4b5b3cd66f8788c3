// Draws how many times as fast as OpenVINO's IR each peer is, in latency mode in f32, as a PNG.
import { createCanvas } from '@napi-rs/canvas';
import { PEERS, speedUp } from './tables.mjs';

const WIDTH = 960;
const LEFT = 300;
const RIGHT = 70;
const TOP = 70;
const BAR = 16;
const GAP = 14;
const COLORS = { decant: '#0b62c4', official: '#9aa4b0', unstable: '#c8ced6', tensorflow: '#e07b00', tfjs: '#e0b000' };

/** Peers to compare with, the first one that a model has. */
const BASES = ['official', 'tfjs'];

export function speedUpChart({ models }) {
  const groups = models.flatMap(groupOf);
  const most = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const height = TOP + groups.reduce((sum, { bars }) => sum + BAR * bars.length + GAP, 0);
  // Twice the size, for screens with small pixels.
  const canvas = createCanvas(2 * WIDTH, 2 * height);
  const context = canvas.getContext('2d');
  context.scale(2, 2);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, WIDTH, height);
  const write = (text, x, y, { color = '#1c2024', align = 'left', font = '13px sans-serif' } = {}) => {
    Object.assign(context, { fillStyle: color, textAlign: align, font, textBaseline: 'middle' });
    context.fillText(text, x, y);
  };
  write("Speed in f32, latency mode: OpenVINO's IR, or else TensorFlow.js, is 1", 16, 22, {
    font: 'bold 16px sans-serif',
  });
  const peers = Object.keys(PEERS).filter(peer => groups.some(({ bars }) => bars.some(bar => bar.peer === peer)));
  let x = 16;
  for (const peer of peers) {
    context.fillStyle = COLORS[peer];
    context.fillRect(x, 42, 12, 12);
    write(PEERS[peer], x + 18, 48);
    x += 42 + context.measureText(PEERS[peer]).width;
  }
  let y = TOP;
  for (const { name, bars } of groups) {
    write(name, LEFT - 10, y + (BAR * bars.length) / 2, { align: 'right' });
    for (const { peer, value } of bars) {
      const width = Math.max(1, ((WIDTH - LEFT - RIGHT) * value) / most);
      context.fillStyle = COLORS[peer];
      context.fillRect(LEFT, y, width, BAR - 2);
      write(`${value.toFixed(value < 10 ? 2 : 1)}x`, LEFT + width + 6, y + BAR / 2 - 1, { color: '#5b6470' });
      y += BAR;
    }
    y += GAP;
  }
  return canvas.encode('png');
}

function groupOf({ model, runs }) {
  const ms = runs.find(({ hint, precision }) => hint === 'latency' && precision === 'f32')?.ms;
  const base = ms && BASES.find(peer => peer in ms);
  if (base === undefined) return [];
  const all = speedUp(ms, base, 'latency');
  const bars = Object.keys(PEERS)
    .filter(peer => peer in ms)
    .map(peer => ({ peer, value: all / speedUp(ms, peer, 'latency') }));
  return [{ name: model, bars }];
}
