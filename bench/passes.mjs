// Measures what each pass is worth: the latency of a model without the pass and with all of them, alternately.
// Usage: node bench/passes.mjs [--size 480x640] [--runs 15] [--pass NAME]... MODEL. Run `npm run build` first, and nothing beside it.
import { parseArgs } from 'node:util';
import { Core, Tensor } from '../dist/index.js';
import { conversionSteps, openSource, PASSES, runSteps, toIr, winograd } from '../dist/internals.js';

/** Least change of the time that is worth a line. */
const NOTHING = 0.01;

/** Passes that the others need for a graph that OpenVINO runs as it should. */
const NEEDED = new Set(['pin-shapes', 'take-branch-sizes']);

const CONFIG = { INFERENCE_PRECISION_HINT: 'f32', PERFORMANCE_HINT: 'LATENCY' };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '480x640' },
    runs: { type: 'string', default: '15' },
    pass: { type: 'string', multiple: true, default: [] },
  },
});
const [path] = positionals;
const [height, width] = values.size.split('x').map(Number);
const names = new Set([...PASSES, winograd].map(({ name }) => name));
const passes = values.pass.length > 0 ? values.pass : [...names].filter(name => !NEEDED.has(name));
const median = times => times.toSorted((a, b) => a - b)[times.length >> 1];

/** A request for the IR that all passes but one make. Weights stay f32, as in the other comparisons. */
async function requestWithout(pass) {
  const steps = await conversionSteps({ compressToFp16: false, dynamicBatch: 1 });
  const source = await openSource(path);
  const { graph } = await runSteps(
    steps.filter(({ name }) => name !== pass),
    { source },
  );
  const model = await core.readModel(toIr(graph));
  const compiled = await core.compileModel(model, 'CPU', CONFIG);
  model.close();
  return { compiled, request: compiled.createInferRequest() };
}

/** Smooth waves, 0..255. */
function imageFor({ shape, elementType }) {
  const sizes = shape.map((size, axis) => size ?? [1, height, width, 3][axis]);
  const count = sizes.reduce((product, size) => product * size, 1);
  const array = { u8: Uint8Array, i32: Int32Array, f32: Float32Array }[elementType];
  return new Tensor(
    elementType,
    sizes,
    array.from({ length: count }, (_, i) => 127 + 90 * Math.sin(i / 97)),
  );
}

const milliseconds = run => {
  const start = performance.now();
  run();
  return performance.now() - start;
};

const core = new Core();
const whole = await requestWithout();
const image = imageFor(whole.compiled.input(0));
console.log(`${path}, ${image.shape.join('x')}, f32\n`);
console.log('| pass | without, ms | with, ms | ratio |\n| --- | --: | --: | --: |');
for (const pass of passes) {
  const { compiled, request } = await requestWithout(pass);
  const times = { without: [], with: [] };
  for (let run = -1; run < Number(values.runs); run++) {
    const without = milliseconds(() => request.infer([image], { outputs: [] }));
    const all = milliseconds(() => whole.request.infer([image], { outputs: [] }));
    // The first iteration allocates memory.
    if (run >= 0) times.without.push(without) && times.with.push(all);
  }
  compiled.close();
  const [without, all] = [median(times.without), median(times.with)];
  if (Math.abs(without / all - 1) < NOTHING) continue;
  console.log(`| \`${pass}\` | ${without.toFixed(1)} | ${all.toFixed(1)} | ${(without / all).toFixed(2)} |`);
}
core.close();
