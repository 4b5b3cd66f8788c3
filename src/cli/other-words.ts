import { Command } from 'commander';
import { DecantError } from '../errors.ts';

/** Commands of other programs, and what does the same here. */
const OTHER_WORDS: readonly (readonly [words: string, instead: string])[] = [
  ['predict infer inference run demo', '`decant detect MODEL IMAGE...`'],
  ['track count', '`decant detect MODEL VIDEO --track`'],
  ['ovc mo optimize', '`decant convert MODEL`'],
  ['benchmark benchmark_app profile', '`decant bench MODEL`'],
  ['val validate evaluate test', '`decant eval MODEL IMAGES --annotations FILE`'],
  ['compare check', '`decant verify MODEL`'],
  ['show inspect describe summary', '`decant info MODEL`'],
  ['print graph', '`decant dump MODEL`'],
  ['install init', '`decant setup`'],
  ['get fetch pull models list', '`decant download --list`, then `decant download NAME`'],
  ['clean clear', '`decant cache rm --all`'],
  ['version', '`decant --version`'],
  ['train fit finetune', 'your training framework: decant runs trained models. Then `decant convert MODEL`'],
];

/** Returns hidden commands that point to the right one. */
export function otherWords(known: ReadonlySet<string>): readonly Command[] {
  return OTHER_WORDS.flatMap(([words, instead]) =>
    words
      .split(' ')
      .filter(word => !known.has(word))
      .map(word => pointer(word, instead)),
  );
}

const pointer = (word: string, instead: string): Command =>
  new Command(word)
    .argument('[arguments...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(() => {
      throw new DecantError('invalid-argument', `decant has no command '${word}'`, { remedy: `Use ${instead}.` });
    });
