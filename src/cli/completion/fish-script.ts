import type { CommandTree, CompletedOption } from './command-tree.ts';

export function fishScript(tree: CommandTree): string {
  const names = tree.commands.map(({ name }) => name).join(' ');
  const atTop = `not __fish_seen_subcommand_from ${names}`;
  return `# fish completion of decant
complete -c decant -f
${linesOf(tree, atTop).join('\n')}
`;
}

/** @param when a condition of fish: the command line has reached this command */
function linesOf({ options, commands, words, onlyWords }: CommandTree, when: string): readonly string[] {
  const names = commands.map(({ name }) => name).join(' ');
  const own = commands.length === 0 ? when : `${when}; and not __fish_seen_subcommand_from ${names}`;
  return [
    ...commands.map(({ name, description }) => `complete -c decant -n '${own}' -a ${name} -d '${description}'`),
    ...(words.length === 0 ? [] : [`complete -c decant -n '${own}' -a '${words.join(' ')}'`]),
    ...(onlyWords || commands.length > 0 ? [] : [`complete -c decant -n '${own}' -F`]),
    ...options.map(option => `complete -c decant -n '${own}' ${optionText(option)}`),
    ...commands.flatMap(command => linesOf(command, inside(when, command.name))),
  ];
}

const inside = (when: string, name: string): string => {
  const seen = `__fish_seen_subcommand_from ${name}`;
  return when.startsWith('not ') ? seen : `${when}; and ${seen}`;
};

function optionText({ flags, description, values, isPath }: CompletedOption): string {
  const names = flags.map(flag => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values === undefined ? '' : valueText(values, isPath);
  return `${names.join(' ')}${value} -d '${description}'`;
}

function valueText(values: readonly string[], isPath: boolean): string {
  if (isPath) return ' -r -F';
  return values.length === 0 ? ' -x' : ` -xa '${values.join(' ')}'`;
}
