// Results of bench/inference.py and bench/conversion.py as Markdown.

/** Peers in the order of columns, and their names. */
export const PEERS = {
  decant: 'decant',
  official: "OpenVINO's IR",
  unstable: 'the same, unstable',
  tensorflow: 'TensorFlow',
  tfjs: 'TensorFlow.js',
};

const COLUMNS = Object.keys(PEERS);

export function tables({ inference, conversion }) {
  const settings = inference.models.flatMap(({ runs }) => runs.map(({ hint, precision }) => `${hint} ${precision}`));
  const parts = [...new Set(settings)].map(setting => settingTable(inference, ...setting.split(' ')));
  if (conversion.models.length > 0) parts.push(conversionTable(conversion.models));
  return parts.join('\n');
}

function settingTable({ models, processor, threads, openvino }, hint, precision) {
  const rows = models.flatMap(model => {
    const found = model.runs.find(run => run.hint === hint && run.precision === precision);
    return found === undefined ? [] : [{ model, run: found, numbers: found.ms ?? found.FPS }];
  });
  const peers = COLUMNS.filter(peer => rows.some(({ numbers }) => peer in numbers));
  const unit = hint === 'latency' ? 'ms' : 'images per second';
  const details = hint === 'latency' ? ['GFLOP', 'whole / network', 'whole / roofline', 'compilation, s'] : [];
  const build = openvino.split('-')[0];
  return `### ${hint === 'latency' ? 'Latency' : 'Throughput'}, ${precision === 'default' ? "the device's precision" : precision}

${processor}, ${threads} threads, OpenVINO ${build}; ${unit}, and how many times as fast decant is.

${markdown(
  ['model', 'image', ...peers.map(peer => PEERS[peer]), ...details],
  rows.map(({ model, run, numbers }) => [
    model.model,
    model.image.slice(1, 3).join('x'),
    ...peers.map(peer => cell(numbers, peer, hint)),
    ...(hint === 'latency' ? detailCells(model, run) : []),
  ]),
)}`;
}

/** A time or rate, and how many times as fast decant is. */
function cell(numbers, peer, hint) {
  const number = numbers[peer];
  if (number === undefined) return '-';
  return peer === 'decant' ? digits(number) : `${digits(number)} (${digits(speedUp(numbers, peer, hint))}x)`;
}

export const speedUp = (numbers, peer, hint) =>
  hint === 'latency' ? numbers[peer] / numbers.decant : numbers.decant / numbers[peer];

function detailCells(model, run) {
  const { decant, official } = run['compile ms'];
  const compilation = [decant, official].filter(ms => ms !== undefined).map(ms => (ms / 1000).toFixed(1));
  return [
    digits(model.GFLOP),
    run['whole / network'].toFixed(2),
    (run.ms.decant / run['roofline ms']).toFixed(2),
    compilation.join(' against '),
  ];
}

const conversionTable = models => `### Conversion

Whole cold processes, weights in f16: decant against OpenVINO's converter, and decant's part.

${markdown(
  ['model', 'wall, s', 'CPU, s', 'peak memory, MB'],
  models.map(({ model, decant, official }) => [
    model,
    ...['s', 'CPU s', 'MB'].map(field => against(decant?.[field], official?.[field])),
  ]),
)}`;

function against(ours, theirs) {
  if (ours === undefined || theirs === undefined) return ours === undefined ? '-' : digits(ours);
  return `${digits(ours)} against ${digits(theirs)} (${(ours / theirs).toFixed(2)})`;
}

/** Three significant digits, without exponents. */
const digits = number => (number >= 100 ? number.toFixed(0) : number.toPrecision(3));

function markdown(head, rows) {
  const line = cells => `| ${cells.join(' | ')} |\n`;
  const ruler = head.map((_, i) => (i === 0 ? '---' : '--:'));
  return [head, ruler, ...rows].map(line).join('');
}
