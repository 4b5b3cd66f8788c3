import { asDecantError, type DecantError } from '../../errors.ts';
import type { ModelRepository } from './model-repository.ts';

export interface Watch {
  /** Ends when the last look has ended. */
  stop(): Promise<void>;
}

/**
 * Looks at the files of the models again and again. Files are compared by size and modification time: notifications of the
 * system are not sent for all file systems, such as those of containers.
 *
 * @param interval milliseconds; 0 never looks
 */
export function watchModels(models: ModelRepository, interval: number, onError: (error: DecantError) => void): Watch {
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  let isStopped = interval === 0;
  const wait = (): void => {
    if (!isStopped) timer = setTimeout(look, interval);
  };
  const look = (): void => {
    looking = models
      .refresh()
      .catch((thrown: unknown) => onError(asDecantError(thrown)))
      .then(wait);
  };
  wait();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
      return looking;
    },
  };
}
