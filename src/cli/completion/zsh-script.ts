import type { CommandTree, CompletedOption } from './command-tree.ts';

/** Returns a script for zsh, to be sourced, or autoloaded as `_decant`. */
export const zshScript = (tree: CommandTree): string => `#compdef decant
# zsh completion of decant
${functionsOf(tree, '_decant').join('\n')}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
  _decant "$@"
else
  compdef _decant decant
fi
`;

function functionsOf(tree: CommandTree, name: string): readonly string[] {
  const { commands, options } = tree;
  const specs = options.map(specOf);
  if (commands.length === 0) return [functionText(name, [...specs, `'*:argument:${actionOf(tree)}'`], '')];
  const described = commands.map(each => `'${each.name}:${each.description}'`).join(' ');
  const own = functionText(
    name,
    [...specs, `'1: :->command'`, `'*:: :->arguments'`],
    `
  case $state in
    command) local -a commands=(${described}); _describe command commands ;;
    arguments) case $words[1] in
${commands.map(each => `      ${each.name}) ${name}_${each.name} ;;`).join('\n')}
    esac ;;
  esac`,
  );
  return [...commands.flatMap(each => functionsOf(each, `${name}_${each.name}`)), own];
}

const functionText = (name: string, specs: readonly string[], rest: string): string => `${name}() {
  local state line
  _arguments -C \\
    ${specs.join(' \\\n    ')}${rest}
}`;

function specOf({ flags, description, values, isPath }: CompletedOption): string {
  const names = flags.length === 1 ? flags[0]! : `{${flags.join(',')}}`;
  const list = values?.length === 0 ? '' : `(${values?.join(' ') ?? ''})`;
  const value = values === undefined ? '' : `:value:${isPath ? '_files' : list}`;
  const text = `[${description.replaceAll(':', ' -')}]${value}`;
  return flags.length === 1 ? `'${names}${text}'` : `${names}'${text}'`;
}

function actionOf({ words, onlyWords }: CommandTree): string {
  if (words.length === 0) return onlyWords ? '' : '_files';
  return `(${words.join(' ')})`;
}
