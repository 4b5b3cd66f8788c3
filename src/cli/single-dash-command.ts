import { Command } from 'commander';

/** A command that also takes its long options with one dash, as OpenVINO's programs do: `-hint`, `-hint=latency`. */
export class SingleDashCommand extends Command {
  override parseOptions(args: string[]): ReturnType<Command['parseOptions']> {
    return super.parseOptions(args.map(arg => (this.#isSingleDash(arg) ? `-${arg}` : arg)));
  }

  #isSingleDash(arg: string): boolean {
    const [, name] = /^-(\w\w+)(?:=|$)/.exec(arg) ?? [];
    return name !== undefined && this.options.some(({ long }) => long === `--${name}`);
  }
}
