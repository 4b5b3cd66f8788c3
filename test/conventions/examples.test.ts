import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CENTERNET } from '../support/models.ts';
import { decant, temporaryFolder } from '../support/run-cli.ts';
import { readText } from './sources.ts';

const TIME = /\d+(?:\.\d+)? m?s\b/g;

const linesOf = (text: string): readonly string[] => text.replaceAll(TIME, 'TIME').trimEnd().split('\n');

/** The lines that a page shows below a command, up to `...`, the next command or the end of the block. */
function shownBelow(page: string, command: string): readonly string[] {
  const [, shown] = readText(page).split(`$ decant ${command}\n`);
  return linesOf(shown!.split(/^(?:\.\.\.|\$ .*|```|)$/m, 1)[0]!);
}

it.each([
  ['README.md', 'convert centernet.json -o ir/centernet.xml'],
  ['docs/getting-started.md', 'convert centernet.json -o ir/centernet.xml', 'info ir/centernet.xml'],
  ['docs/commands/convert.md', 'convert centernet.json -o ir/centernet.xml'],
  [
    'docs/commands/convert.md',
    'convert centernet.json -o ir/pets.xml --keep-classes person,dog --score-threshold 0.4 --max-detections 20',
    'info ir/pets.xml',
  ],
  ['docs/commands/convert.md', 'convert centernet.json -o ir/heat.xml --output tower_0/keypoints', 'info ir/heat.xml'],
])('%s shows what the commands print: %s', async (page, ...commands) => {
  const cwd = await temporaryFolder();
  for (const file of [CENTERNET, CENTERNET.replace('.json', '.bin')]) {
    await copyFile(file, join(cwd, file.replace(/.*[/\\]/, '')));
  }
  for (const command of commands) {
    const { stdout } = await decant(command.split(' '), { cwd });
    const shown = shownBelow(page, command);
    expect(linesOf(stdout).slice(0, shown.length)).toEqual(shown);
  }
});
