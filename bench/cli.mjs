// Wall time of the command line as a whole process: median, minimum and maximum of several runs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'decant-bench-'));
const model = 'node_modules/@vladmandic/human/models/centernet.json';

function measure(name, runs, ...args) {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${args.join(' ')} exited with ${status}`);
    return Math.round(performance.now() - start);
  }).sort((a, b) => a - b);
  console.log(`${name}: ${times[runs >> 1]} ms (${times[0]} to ${times.at(-1)})`);
}

try {
  measure('node alone', 11, '-e', '0');
  measure('decant --help', 11, 'bin/decant.js', '--help');
  measure('decant convert centernet', 5, 'bin/decant.js', 'convert', model, '-o', join(folder, 'centernet.xml'));
} finally {
  rmSync(folder, { recursive: true });
}
