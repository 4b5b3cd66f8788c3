/** The program of a thread: runs the tasks that it is sent, and answers each. */
import { parentPort } from 'node:worker_threads';
import { asDecantError } from '../../errors.ts';
import type { Answer, Assignment } from './messages.ts';
import { type Task, type TaskName, TASKS } from './tasks.ts';

const port = parentPort!;

const send = (answer: Answer, moved: readonly ArrayBuffer[] = []): void => port.postMessage(answer, [...moved]);

async function run<N extends TaskName>({ id, name, argument }: Assignment<N>): Promise<void> {
  const task: Task<N> = TASKS[name];
  try {
    const [result, moved] = await task(argument, step => send({ id, step }));
    send({ id, result }, moved);
  } catch (thrown) {
    const { code, message, remedy, where, stack } = asDecantError(thrown);
    send({ id, error: { code, message, remedy, where, stack } });
  }
}

port.on('message', (assignment: Assignment<TaskName>) => void run(assignment));
