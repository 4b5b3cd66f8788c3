import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ConversionStep } from '../../src/convert.ts';
import type { Converted, ModelFile, WorkerMessage } from './messages.ts';

export interface Conversion {
  readonly isBusy: boolean;
  readonly steps: readonly ConversionStep[];
  readonly converted?: Converted;
  readonly problem?: string;
}

const IDLE: Conversion = { isBusy: false, steps: [] };

/** Converts in a worker; a new conversion ends the previous one. */
export function useConversion(): readonly [Conversion, (files: readonly ModelFile[]) => void] {
  const [conversion, setConversion] = useState(IDLE);
  const current = useRef<Worker>();
  const end = (): void => current.current?.terminate();
  useEffect(() => end, []);
  const start = useCallback((files: readonly ModelFile[]) => {
    end();
    const worker = new Worker(new URL('./convert-worker.ts', import.meta.url), { type: 'module' });
    current.current = worker;
    setConversion({ isBusy: true, steps: [] });
    const finish = (result: Pick<Conversion, 'converted' | 'problem'>): void => {
      worker.terminate();
      setConversion(({ steps }) => ({ isBusy: false, steps, ...result }));
    };
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.kind === 'step') setConversion(({ steps }) => ({ isBusy: true, steps: [...steps, data.step] }));
      else if (data.kind === 'done') finish({ converted: data.converted });
      else finish({ problem: [data.problem, data.remedy].filter(text => text !== undefined).join('. ') });
    };
    // The worker could not be loaded, or ran out of memory.
    worker.onerror = ({ message }) => finish({ problem: message === '' ? 'The converter has stopped.' : message });
    worker.postMessage(files);
  }, []);
  return [conversion, start];
}
