import { type ChildProcess, fork } from 'node:child_process';
import type { Tensors } from '../detect/heads/port.ts';
import { DecantError } from '../errors.ts';
import { packagePath } from '../platform/package-path.ts';

export const FRONTEND = "OpenVINO's own TensorFlow frontend";

export const COMPARE_STORED = 'Compare with stored outputs: `--against FILE.npz`.';

const PROGRAM = 'bin/run-reference.js';

interface Answer {
  readonly result?: unknown;
  readonly problem?: string;
}

/**
 * A model read by OpenVINO's own frontend, as an `Engine` in a process of its own: some models crash it.
 *
 * @throws DecantError `unsupported` from every method if the frontend fails or crashes
 */
export class Reference implements Disposable {
  readonly compileMs: number;
  readonly #child: ChildProcess;
  readonly #names: ReadonlyMap<string, string>;

  private constructor(child: ChildProcess, compileMs: number, names: ReadonlyMap<string, string>) {
    this.#child = child;
    this.#names = names;
    this.compileMs = compileMs;
  }

  /** @param names what the frontend calls inputs and outputs, where it differs */
  static async load(
    path: string,
    library: string,
    device: string,
    names: ReadonlyMap<string, string> = new Map(),
  ): Promise<Reference> {
    const child = fork(packagePath(PROGRAM), [library, path, device], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    try {
      return new Reference(child, (await call(child)) as number, names);
    } catch (thrown) {
      child.kill('SIGKILL');
      throw thrown;
    }
  }

  /** Returns the duration in milliseconds. */
  async infer(inputs: Tensors): Promise<number> {
    const named = Object.entries(inputs).map(([name, tensor]) => [this.#nameOf(name), tensor] as const);
    return (await call(this.#child, 'infer', Object.fromEntries(named))) as number;
  }

  async outputs(names: readonly string[]): Promise<Tensors> {
    const found = (await call(
      this.#child,
      'outputs',
      names.map(name => this.#nameOf(name)),
    )) as Tensors;
    return Object.fromEntries(
      names.flatMap(name => {
        const tensor = found[this.#nameOf(name)];
        return tensor === undefined ? [] : [[name, tensor] as const];
      }),
    );
  }

  #nameOf(name: string): string {
    return this.#names.get(name) ?? name;
  }

  async executedNodes(): Promise<number> {
    return (await call(this.#child, 'executedNodes')) as number;
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}

/** Without a method, loads the model and returns the duration of compiling it. */
async function call(child: ChildProcess, method?: string, argument?: unknown): Promise<unknown> {
  const { result, problem } = await new Promise<Answer>((resolve, reject) => {
    const end = (code: number | null, signal: string | null): void => {
      resolve({ problem: `it crashed on this model (${signal ?? `exit code ${code ?? '?'}`})` });
    };
    if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode, child.signalCode);
    child.once('exit', end).once('error', reject);
    child.once('message', (answer: Answer) => {
      child.off('exit', end).off('error', reject);
      resolve(answer);
    });
    // A process that has ended receives nothing; its exit answers.
    child.send({ method, argument }, () => undefined);
  });
  if (problem === undefined) return result;
  throw new DecantError('unsupported', `${FRONTEND} fails: ${problem}`, { remedy: COMPARE_STORED });
}
