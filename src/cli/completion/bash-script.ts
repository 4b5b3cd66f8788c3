import type { CommandTree } from './command-tree.ts';

/** Returns a script for bash 3.2 and newer. Where it has no words, bash completes paths. */
export function bashScript(tree: CommandTree): string {
  const nodes = nodesOf(tree, '');
  const cases = (lines: readonly string[]): string => lines.map(line => `    ${line}`).join('\n');
  const paths = nodes.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const values = nodes.flatMap(({ path, node }) =>
    node.options.flatMap(({ flags, values, isPath }) => {
      if (values === undefined) return [];
      const patterns = flags.map(flag => `'${path}:${flag}'`).join('|');
      return [`${patterns}) words='${values.join(' ')}'; paths=${isPath ? '1' : ''}; is_value=1 ;;`];
    }),
  );
  return `# bash completion of decant
_decant() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path='' words='' paths='' is_value='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${path:+$path }\${COMP_WORDS[i]}" in
      ${paths.join('|')}) path="\${path:+$path }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path:$before" in
${cases(values)}
  esac
  if [[ -z $is_value && $word == -* ]]; then
    case "$path" in
${cases(nodes.map(({ path, node }) => `'${path}') words='${node.options.flatMap(({ flags }) => flags).join(' ')}' ;;`))}
    esac
  elif [[ -z $is_value ]]; then
    case "$path" in
${cases(nodes.map(({ path, node }) => `'${path}') words='${wordsOf(node)}'; paths=${takesPaths(node) ? '1' : ''} ;;`))}
    esac
  fi
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [[ -n $paths ]]; then
    local IFS=$'\\n'
    COMPREPLY+=($(compgen -f -- "$word"))
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _decant decant
`;
}

interface Node {
  /** `cache ls`; empty for decant itself. */
  readonly path: string;
  readonly node: CommandTree;
}

const nodesOf = (node: CommandTree, path: string): readonly Node[] => [
  { path, node },
  ...node.commands.flatMap(command => nodesOf(command, `${path} ${command.name}`.trim())),
];

const wordsOf = ({ commands, words }: CommandTree): string => [...commands.map(({ name }) => name), ...words].join(' ');

const takesPaths = ({ commands, onlyWords }: CommandTree): boolean => commands.length === 0 && !onlyWords;
