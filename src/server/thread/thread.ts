import { Worker } from 'node:worker_threads';
import { asDecantError, DecantError } from '../../errors.ts';
import { packagePath } from '../../platform/package-path.ts';
import type { Answer, Assignment, ThreadError } from './messages.ts';
import type { TaskName, Tasks, ThreadStep } from './tasks.ts';

/** The built `run-tasks.ts`, also for the sources: threads run no TypeScript. */
const PROGRAM = 'dist/server/run-tasks.js';

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: DecantError) => void;
  readonly onStep: ((step: ThreadStep) => void) | undefined;
}

export interface TaskOptions {
  /** Memory that the thread takes over. */
  readonly moved?: readonly ArrayBuffer[];
  readonly onStep?: (step: ThreadStep) => void;
}

/** A thread for work that would keep this one from answering. It starts with its first task, also after it was disposed of. */
export class Thread implements Disposable {
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #count = 0;

  /** Runs a task after those before it. @throws DecantError those of the task; `internal` if the thread ends */
  async run<N extends TaskName>(
    name: N,
    argument: Tasks[N]['argument'],
    { moved = [], onStep }: TaskOptions = {},
  ): Promise<Tasks[N]['result']> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#count;
    const assignment: Assignment<N> = { id, name, argument };
    const result = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject, onStep }));
    worker.postMessage(assignment, [...moved]);
    return (await result) as Tasks[N]['result'];
  }

  [Symbol.dispose](): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#end(worker, ended());
    void worker.terminate();
  }

  #start(): Worker {
    const worker = new Worker(packagePath(PROGRAM));
    worker.on('message', (answer: Answer) => this.#receive(answer));
    worker.on('error', thrown => this.#end(worker, asDecantError(thrown)));
    worker.on('exit', () => this.#end(worker, ended()));
    // It must not keep a process from ending. Listeners would.
    worker.unref();
    return worker;
  }

  #receive({ id, step, result, error }: Answer): void {
    const pending = this.#pending.get(id);
    if (step !== undefined) {
      pending?.onStep?.(step);
      return;
    }
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(result);
    else pending?.reject(restored(error));
  }

  #end(worker: Worker, reason: DecantError): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }
}

const ended = (): DecantError => new DecantError('internal', 'a worker thread of the server ended');

function restored({ code, message, remedy, where, stack }: ThreadError): DecantError {
  const error = new DecantError(code, message, remedy === undefined ? {} : { remedy }, where);
  if (stack !== undefined) error.stack = stack;
  return error;
}
