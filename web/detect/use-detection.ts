import { useEffect, useState } from 'preact/hooks';
import type { ModelInformation } from '../../src/server/models/model-information.ts';
import { messageOf } from '../message-of.ts';
import { detect, type Found } from '../server.ts';

export interface DetectionState {
  readonly found?: Found;
  readonly isBusy?: boolean;
  readonly problem?: string;
  /** Milliseconds from the request to the answer. */
  readonly total?: number;
}

/** Detects in the image, again whenever the model, its device or the image changes. */
export function useDetection(model: ModelInformation | undefined, image: Blob | undefined): DetectionState {
  const [state, setState] = useState<DetectionState>({});
  const { name, version, state: loading, device } = model ?? {};
  useEffect(() => {
    setState({});
    if (image === undefined || name === undefined || loading !== 'ready') return;
    setState({ isBusy: true });
    const abort = new AbortController();
    const start = performance.now();
    detect(name, image, abort.signal).then(
      found => setState({ found, total: performance.now() - start }),
      (thrown: unknown) => {
        if (!abort.signal.aborted) setState({ problem: messageOf(thrown) });
      },
    );
    return () => abort.abort();
  }, [name, version, loading, device, image]);
  return state;
}
