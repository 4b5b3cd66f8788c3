// Compares the tracker with the truth of made-up scenes: MOTA and IDF1 by motmetrics. Usage: node bench/tracking.mjs PYTHON
// PYTHON has motmetrics 1.4.0, numpy 1.26.4 and pandas 2.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { loadModule } from '../tools/load-module.mjs';

const [python = 'python3'] = process.argv.slice(2);

const support = file => loadModule(join(import.meta.dirname, '..', 'test', 'support', file));
const { SCENES, follow } = await support('scenes.ts');
const { visible } = await support('scene.ts');

const VARIANTS = {
  perfect: {},
  'edges tremble by 3 pixels': { tremble: 3 },
  '10 % dropped, edges tremble by 2 pixels': { dropped: 0.1, tremble: 2 },
};

const boxOf = ({ xmin, ymin, xmax, ymax }) => [xmin, ymin, xmax - xmin, ymax - ymin];

/** Per frame: the actors and tracks, and their boxes as x, y, width, height. */
const framesOf = (scene, options) =>
  follow(scene, options).map((detections, frame) => {
    const truths = visible(scene, frame);
    const tracked = detections.filter(({ trackId }) => trackId !== undefined);
    return {
      actors: truths.map(({ actor }) => actor),
      truths: truths.map(({ box }) => boxOf(box)),
      tracks: tracked.map(({ trackId }) => trackId),
      boxes: tracked.map(({ box }) => boxOf(box)),
    };
  });

const runs = Object.entries(SCENES).flatMap(([scene, actors]) =>
  Object.entries(VARIANTS).map(([variant, options]) => ({ scene, variant, frames: framesOf(actors, options) })),
);
const { status } = spawnSync(python, [join(import.meta.dirname, 'tracking.py')], {
  input: JSON.stringify(runs),
  stdio: ['pipe', 'inherit', 'inherit'],
});
process.exitCode = status ?? 1;
