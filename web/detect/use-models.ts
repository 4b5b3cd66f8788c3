import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ModelInformation } from '../../src/server/models/model-information.ts';
import { messageOf } from '../message-of.ts';
import { type Device, getDevices, getModels, ServerError } from '../server.ts';

/** Milliseconds between looks at the models: often while one is being loaded. */
const OFTEN = 300;
const SELDOM = 5000;

export interface Models {
  /** Undefined until the server has answered. */
  readonly models: readonly ModelInformation[] | undefined;
  readonly devices: readonly Device[];
  readonly problem: string | undefined;
  readonly isKeyWrong: boolean;
  /** Looks now. */
  readonly refresh: () => void;
}

/** Follows the models of the server. */
export function useModels(): Models {
  const [models, setModels] = useState<readonly ModelInformation[]>();
  const [devices, setDevices] = useState<readonly Device[]>([]);
  const [problem, setProblem] = useState<unknown>();
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound(n => n + 1), []);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isCurrent = true;
    const again = (ms: number): void => {
      timer = setTimeout(() => void look(), ms);
    };
    const look = async (): Promise<void> => {
      try {
        const next = await getModels();
        if (!isCurrent) return;
        setModels(previous => (JSON.stringify(previous) === JSON.stringify(next) ? previous : next));
        setProblem(undefined);
        again(next.some(({ step }) => step !== undefined) ? OFTEN : SELDOM);
      } catch (thrown) {
        if (!isCurrent) return;
        setProblem(thrown);
        // Wrong keys would fill the server's log.
        if (!isAboutKey(thrown)) again(SELDOM);
      }
    };
    void look();
    getDevices().then(
      found => isCurrent && setDevices(found),
      () => undefined,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [round]);
  return {
    models,
    devices,
    problem: problem === undefined ? undefined : messageOf(problem),
    isKeyWrong: isAboutKey(problem),
    refresh,
  };
}

const isAboutKey = (thrown: unknown): boolean => thrown instanceof ServerError && thrown.isKeyWrong;
