// Draws how many times as fast as OpenVINO's IR each peer is, in latency mode in f32, as a PNG.
import { drawBars } from './draw-bars.mjs';
import { PEERS, speedUp } from './tables.mjs';

const COLORS = { decant: '#0b62c4', official: '#9aa4b0', unstable: '#c8ced6', tensorflow: '#e07b00', tfjs: '#e0b000' };

/** Peers to compare with, the first one that a model has. */
const BASES = ['official', 'tfjs'];

export function speedUpChart({ models }) {
  const groups = models.flatMap(groupOf);
  const peers = Object.keys(PEERS).filter(peer => groups.some(({ bars }) => bars.some(({ key }) => key === peer)));
  return drawBars({
    title: "Speed in f32, latency mode: OpenVINO's IR, or else TensorFlow.js, is 1",
    series: Object.fromEntries(peers.map(peer => [peer, { label: PEERS[peer], color: COLORS[peer] }])),
    panels: [{ title: 'speed', format: value => `${value.toFixed(value < 10 ? 2 : 1)}x` }],
    groups,
  });
}

function groupOf({ model, runs }) {
  const ms = runs.find(({ hint, precision }) => hint === 'latency' && precision === 'f32')?.ms;
  const base = ms && BASES.find(peer => peer in ms);
  if (base === undefined) return [];
  const all = speedUp(ms, base, 'latency');
  const bars = Object.keys(PEERS)
    .filter(peer => peer in ms)
    .map(peer => ({ key: peer, values: [all / speedUp(ms, peer, 'latency')] }));
  return [{ name: model, bars }];
}
