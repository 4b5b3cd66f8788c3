import { Argument, Command } from 'commander';
import { printScript } from '../console.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const completionCommand = (): Command =>
  new Command('completion')
    .description('Print a script that lets a shell complete commands, options and their values.')
    .addArgument(new Argument('<shell>', 'shell that runs the script').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(decant completion bash)                            now, or in ~/.bashrc
  $ decant completion zsh > "\${fpath[1]}/_decant"               once
  $ decant completion fish > ~/.config/fish/completions/decant.fish`,
    )
    .action(completion);

async function completion(shell: (typeof SHELLS)[number], _: object, command: Command): Promise<void> {
  const [{ commandTree }, { bashScript }, { zshScript }, { fishScript }] = await Promise.all([
    import('../completion/command-tree.ts'),
    import('../completion/bash-script.ts'),
    import('../completion/zsh-script.ts'),
    import('../completion/fish-script.ts'),
  ]);
  const scriptOf = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell];
  printScript(scriptOf(commandTree(command.parent!)));
}
