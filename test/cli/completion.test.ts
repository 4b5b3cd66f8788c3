import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decant, run, temporaryFolder } from '../support/run-cli.ts';

const hasShell = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

/** Writes the script, and files to complete. */
async function prepared(shell: string): Promise<{ readonly script: string; readonly cwd: string }> {
  const cwd = await temporaryFolder();
  const script = join(cwd, `decant.${shell}`);
  const { code, stdout, stderr } = await decant(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await writeFile(script, stdout);
  await writeFile(join(cwd, 'my model.json'), '');
  return { script, cwd };
}

const BASH = `
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_decant
printf '%s\\n' "\${COMPREPLY[@]}"
`;

const FISH = 'source $argv[1]; complete -C "$argv[2]" | string split -f1 \\t';

/** What a shell lists after the words of a command line, the last of which is begun. */
async function completions(shell: 'bash' | 'fish', ...words: readonly string[]): Promise<readonly string[]> {
  const { script, cwd } = await prepared(shell);
  const args =
    shell === 'bash' ? ['--norc', '-c', BASH, '-', script, ...words] : ['-N', '-c', FISH, script, words.join(' ')];
  const { stdout, stderr } = await run(shell, args, { cwd });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(line => line !== '');
}

describe.each(['bash', 'fish'] as const)('%s', shell => {
  it.skipIf(!hasShell(shell)).each([
    [
      ['decant', 'de'],
      ['detect', 'devices'],
    ],
    [
      ['decant', 'cache', ''],
      ['ls', 'rm'],
    ],
    [['decant', 'completion', 'f'], ['fish']],
    [['decant', 'detect', '--prec'], ['--precision']],
    [
      ['decant', 'detect', '--precision', 'f'],
      ['f16', 'f32'],
    ],
    [['decant', 'detect', '--device', 'G'], ['GPU']],
    [['decant', 'cache', 'rm', '--older'], ['--older-than']],
    [
      ['decant', 'download', 'efficientdet_d0'],
      ['efficientdet_d0', 'efficientdet_d0_coco17_tpu-32'],
    ],
    [['decant', 'detect', '--threshold', ''], []],
  ])('completes %j', async (words, expected) => {
    expect([...(await completions(shell, ...words))].sort()).toEqual(expected);
  });
});

it('bash completes paths with spaces', async () => {
  expect(await completions('bash', 'decant', 'detect', 'my')).toEqual(['my model.json']);
  expect(await completions('bash', 'decant', 'detect', '--labels', 'my')).toEqual(['my model.json']);
});

/** Types a line and a tab in a zsh of its own, and prints what it lists. */
const ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "autoload -Uz compinit; compinit -u -d $2.dump; PS1='> '; setopt nobeep list_rows_first; source $1; bindkey '^I' complete-word"
sleep 1.5
zpty -w -n z "$3"$'\\t\\t'
sleep 1.5
zpty -r z out; while zpty -t -r z more 2>/dev/null; do out+=$more; done
zpty -d z
print -r -- $out
`;

it.skipIf(!hasShell('zsh'))('zsh completes commands, options and values', async () => {
  const { script, cwd } = await prepared('zsh');
  const typed = async (line: string): Promise<string> =>
    (await run('zsh', ['-f', '-c', ZSH, '-', script, join(cwd, 'zcompdump'), line], { cwd })).stdout;
  const [commands, options, values] = await Promise.all(
    ['decant dev', 'decant detect --prec', 'decant detect --precision bf'].map(typed),
  );
  expect(commands).toContain('decant devices');
  expect(options).toContain('decant detect --precision');
  expect(values).toContain('decant detect --precision bf16');
});
