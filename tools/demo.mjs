// Runs the commands of a first session: setup, then detection on a photo. Usage: npm run demo [-- photo.jpg]
import { spawnSync } from 'node:child_process';

const HUMAN = 'node_modules/@vladmandic/human';
const [photo = `${HUMAN}/assets/samples.jpg`] = process.argv.slice(2);

function decant(...args) {
  console.log(`\n$ decant ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, ['bin/decant.js', ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

decant('setup');
decant('detect', `${HUMAN}/models/centernet.json`, photo, '--threshold', '0.3', '--save', 'demo/');
