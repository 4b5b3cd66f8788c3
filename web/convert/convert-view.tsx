import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { DropZone } from '../drop-zone.tsx';
import { messageOf } from '../message-of.ts';
import { ConvertedModel } from './converted-model.tsx';
import { chosenFiles, droppedFiles } from './dropped-files.ts';
import { useConversion } from './use-conversion.ts';

/** Converts models on this page, without the server. */
export function ConvertView({ isShown }: { readonly isShown: boolean }): JSX.Element {
  const [{ isBusy, steps, converted, problem }, start] = useConversion();
  const [unreadable, setUnreadable] = useState<string>();
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Preact's types lack the attribute.
    if (folder.current !== null) folder.current.webkitdirectory = true;
  }, []);
  const take = useCallback(
    (files: DataTransfer | readonly File[]) => {
      setUnreadable(undefined);
      if (!(files instanceof DataTransfer)) start(chosenFiles(files));
      else droppedFiles(files).then(start, (thrown: unknown) => setUnreadable(messageOf(thrown)));
    },
    [start],
  );
  const last = steps.at(-1);
  return (
    <>
      <DropZone
        label="Drop a TensorFlow model here: .tar.gz, .zip, .pb, .tflite, or all files or the folder of a TensorFlow.js model or SavedModel. It is converted in this browser; nothing is uploaded."
        multiple
        isShown={isShown}
        onFiles={take}
      >
        <button type="button" onClick={() => folder.current?.click()}>
          Choose a folder
        </button>
      </DropZone>
      <input
        ref={folder}
        type="file"
        aria-label="Folder of a model"
        class="away"
        tabIndex={-1}
        onChange={event => {
          const files = [...(event.currentTarget.files ?? [])];
          if (files.length > 0) take(files);
          event.currentTarget.value = '';
        }}
      />
      {isBusy && <progress class="wide" aria-label="Conversion" value={last?.progress ?? 0} />}
      <p role="status">
        {isBusy && (last === undefined ? 'Reading …' : `Done: ${last.stage}, ${last.name}`)}
        {converted !== undefined && `Converted ${converted.name} in ${secondsOf(steps)} s.`}
      </p>
      {(unreadable ?? problem) !== undefined && <p role="alert">{unreadable ?? problem}</p>}
      {converted !== undefined && <ConvertedModel converted={converted} steps={steps} />}
    </>
  );
}

const secondsOf = (steps: readonly { readonly ms: number }[]): string =>
  (steps.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(2);
