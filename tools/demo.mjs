// Runs the commands of a first session: setup, then detection on a photo. Usage: npm run demo [-- photo.jpg]
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const MODEL = 'node_modules/@vladmandic/human/models/centernet.json';
/** CC0, by Rachel Michetti. */
const [photo = 'docs/images/coffee.jpg'] = process.argv.slice(2);

function decant(...args) {
  console.log(`\n$ decant ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, ['bin/decant.js', ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

decant('setup');
decant('detect', MODEL, photo, '--threshold', '0.3', '--save', 'demo/', '--report', 'demo/report.html');

const [image] = readdirSync('demo').filter(name => /-detected\.\w+$/.test(name));
console.log(`\nOpen ${join('demo', image)} to see the boxes, and demo/report.html for a page with scores and times.`);
