// Answers the runs of models on OpenVINO's CPU plugin: node infer-program.mjs JOBS FIRST. `infer-in-child.ts` starts it.
import { readFileSync, writeSync } from 'node:fs';
import { Core } from '../../dist/index.js';
import { bytesOf, tensorFromBytes } from '../../dist/internals.js';

const [file, first] = process.argv.slice(2);
const core = new Core();
// Written at once, so that the last line tells which run crashed.
const tell = line => writeSync(1, `${JSON.stringify(line)}\n`);
const encode = ({ type, shape, data }) => [type, shape, Buffer.from(bytesOf({ data })).toString('base64')];
const decode = ([type, shape, data]) => tensorFromBytes(type, shape, new Uint8Array(Buffer.from(data, 'base64')));
const mapped = (record, map) => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

function requestFor({ xml, bin }) {
  const model = core.readModelSync({ xml, bin: new Uint8Array(Buffer.from(bin, 'base64')) });
  return core.compileModelSync(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' }).createInferRequest();
}

let run = 0;
for (const job of JSON.parse(readFileSync(file, 'utf8'))) {
  let request;
  for (const inputs of job.runs) {
    if (run++ < Number(first)) continue;
    tell('started');
    try {
      request ??= requestFor(job);
      tell({ outputs: mapped(request.infer(mapped(inputs, decode)), encode) });
    } catch (error) {
      tell({ error: error.message });
    }
  }
}
