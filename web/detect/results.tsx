import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FoundDetection } from '../server.ts';
import { messageOf } from '../message-of.ts';
import { saveFile } from '../save-file.ts';
import { drawBoxes } from './draw-boxes.ts';
import type { DetectionState } from './use-detection.ts';
import { summaryOf } from './view.ts';

interface Properties {
  readonly state: DetectionState;
  readonly shown: readonly FoundDetection[];
  /** Name of the image, without its ending. */
  readonly name: string;
  /** What is shown to have been found: `model`, `device`, `threshold`, `file`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Whether results change all the time: they are not read aloud then. */
  readonly isLive: boolean;
  /** The image or the frame, as the page shows it. */
  readonly content: () => CanvasImageSource | null;
}

/** What was found and how long it took, and buttons to take it away. */
export function Results({ state, shown, name, facts, isLive, content }: Properties): JSX.Element {
  const [done, setDone] = useState('');
  const { found, isBusy, problem, total } = state;
  const act = (work: Promise<string>): void => void work.then(setDone, (thrown: unknown) => setDone(messageOf(thrown)));
  const copy = async (): Promise<string> => {
    await navigator.clipboard.writeText(JSON.stringify({ ...facts, ...found, detections: shown }, undefined, 2));
    return 'JSON copied.';
  };
  const save = async (): Promise<string> => {
    saveFile(`${name}.boxes.png`, await annotated());
    return 'Image saved.';
  };
  const annotated = (): Promise<Blob> => {
    const { width, height } = found!;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.drawImage(content()!, 0, 0, width, height);
    drawBoxes(context, { width, height }, shown);
    return canvas.convertToBlob({ type: 'image/png' });
  };
  return (
    <>
      <p role="status" aria-live={isLive ? 'off' : 'polite'} class="summary">
        {isBusy === true ? 'Detecting …' : found !== undefined ? summaryOf(shown) : ''}
      </p>
      {problem !== undefined && <p role="alert">{problem}</p>}
      {found !== undefined && (
        <>
          <p class="times">
            {Object.entries(found.ms).map(([step, ms]) => (
              <span key={step}>
                {step} {ms.toFixed(1)} ms
              </span>
            ))}
            {total !== undefined && <span>with transfer {total.toFixed(0)} ms</span>}
          </p>
          <div class="row">
            <button type="button" onClick={() => act(copy())}>
              Copy JSON
            </button>
            <button type="button" onClick={() => act(save())}>
              Download image
            </button>
            <span role="status">{done}</span>
          </div>
        </>
      )}
    </>
  );
}
