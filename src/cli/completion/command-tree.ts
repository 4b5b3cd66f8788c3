import type { Command, Option } from 'commander';
import { ZOO_MODELS } from '../../download/zoo.ts';
import { FORMAT_LIST } from '../result-options.ts';

/** What a shell can complete after `decant`, or after one of its commands. */
export interface CommandTree {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  readonly commands: readonly CommandTree[];
  /** Words that an argument may be; files as well unless `onlyWords`. */
  readonly words: readonly string[];
  readonly onlyWords: boolean;
}

export interface CompletedOption {
  /** `--output`, `-o`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What its value may be; undefined if it takes none, empty if it is free text or a path. */
  readonly values: readonly string[] | undefined;
  readonly isPath: boolean;
}

/** Values of options that take other text, too. */
const SUGGESTIONS: Readonly<Record<string, readonly string[]>> = {
  '--device': ['CPU', 'GPU', 'NPU', 'AUTO'],
  '--format': FORMAT_LIST,
};

export function commandTree(command: Command): CommandTree {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter(each => each.name() !== 'help');
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  return {
    name: command.name(),
    description: oneLine(command.description()),
    options: help.visibleOptions(command).map(completed),
    commands: commands.map(commandTree),
    words: command.name() === 'download' ? ZOO_MODELS.map(({ name }) => name) : choices,
    onlyWords: choices.length > 0 || command.registeredArguments.length === 0,
  };
}

function completed(option: Option): CompletedOption {
  const { long, short, description, required, optional } = option;
  const flags = [long, short].filter(flag => flag !== undefined);
  const values = option.argChoices ?? flags.flatMap(flag => SUGGESTIONS[flag] ?? []);
  return {
    flags,
    description: oneLine(description),
    values: required || optional ? values : undefined,
    isPath: /<(?:file|folder|path)>/.test(option.flags),
  };
}

/** The first sentence, without what shells would interpret. */
const oneLine = (text: string): string =>
  text
    .split(/[.:;(]\s/)[0]!
    .replaceAll(/["'`\\$[\]{}]/g, '')
    .replace(/[.:(]+$/, '');
