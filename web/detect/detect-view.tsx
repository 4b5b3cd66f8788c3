import type { JSX } from 'preact';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { FoundDetection } from '../server.ts';
import { DropZone } from '../drop-zone.tsx';
import { messageOf } from '../message-of.ts';
import { useObjectUrl } from '../use-object-url.ts';
import { BoxCanvas } from './box-canvas.tsx';
import { DetectionTable } from './detection-table.tsx';
import { KeyForm } from './key-form.tsx';
import { ModelControls } from './model-controls.tsx';
import { ModelDetails } from './model-details.tsx';
import { Results } from './results.tsx';
import { sampleFile } from './sample-file.ts';
import { useCamera } from './use-camera.ts';
import { useDetection } from './use-detection.ts';
import { useModels } from './use-models.ts';
import { DEFAULT_VIEW, shownIn, type View } from './view.ts';
import { ViewControls } from './view-controls.tsx';

const NONE: readonly FoundDetection[] = [];

/** Detects with the models of the server. */
export function DetectView({ isShown }: { readonly isShown: boolean }): JSX.Element {
  const { models, devices, problem, isKeyWrong, refresh } = useModels();
  const [name, setName] = useState<string>();
  const model =
    models?.find(other => other.name === name) ?? models?.find(({ kind }) => kind !== undefined) ?? models?.[0];
  const [file, setFile] = useState<File>();
  const [isLive, setLive] = useState(false);
  const still = useDetection(model, isLive ? undefined : file);
  const { video, ...live } = useCamera(model?.name, isLive && isShown);
  const state = isLive ? live : still;
  const [view, setView] = useState<View>(DEFAULT_VIEW);
  const [hovered, setHovered] = useState<FoundDetection>();
  const [selected, setSelected] = useState<FoundDetection>();
  const [isUnreadable, setUnreadable] = useState(false);
  const [sampleProblem, setSampleProblem] = useState<string>();
  const image = useRef<HTMLImageElement>(null);
  const url = useObjectUrl(isLive ? undefined : file);
  const detections = state.found?.detections ?? NONE;
  const shown = useMemo(() => shownIn(detections, view), [detections, view]);
  // Those of an earlier frame or model are gone.
  const marked = [hovered, selected].find(detection => detection !== undefined && shown.includes(detection));
  const take = useCallback((files: DataTransfer | readonly File[]) => {
    const [first] = files instanceof DataTransfer ? files.files : files;
    if (first === undefined) return;
    setLive(false);
    setUnreadable(false);
    setSampleProblem(undefined);
    setFile(first);
  }, []);
  const takeSample = (): void =>
    void sampleFile().then(
      sample => take([sample]),
      (thrown: unknown) => setSampleProblem(messageOf(thrown)),
    );
  if (isKeyWrong) return <KeyForm problem={problem ?? ''} onKey={refresh} />;
  const marks = { shown, marked, onHover: setHovered, onSelect: setSelected };
  const fileName = isLive ? 'camera' : (file?.name ?? 'image');
  const facts = { model: model?.name, device: model?.device, threshold: view.threshold, file: fileName };
  return (
    <div class="columns">
      <div>
        <DropZone label="Drop an image here, or paste one." accept="image/*" isShown={isShown} onFiles={take}>
          <button type="button" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
            {isLive ? 'Stop the camera' : 'Use the camera'}
          </button>
          <button type="button" onClick={takeSample}>
            Try a sample
          </button>
        </DropZone>
        {sampleProblem !== undefined && <p role="alert">The sample cannot be loaded: {sampleProblem}.</p>}
        {(isLive || url !== undefined) && (
          <BoxCanvas found={state.found} {...marks}>
            {isLive ? (
              <video ref={video} muted playsInline aria-label="Camera" />
            ) : (
              <img ref={image} src={url} alt={fileName} hidden={isUnreadable} onError={() => setUnreadable(true)} />
            )}
          </BoxCanvas>
        )}
        {isUnreadable && !isLive && state.found !== undefined && (
          <p>The browser cannot show this kind of image; only its boxes are drawn.</p>
        )}
      </div>
      <div>
        <section class="card" aria-label="Server">
          {problem !== undefined && <p role="alert">{problem}</p>}
          {models === undefined && problem === undefined && <p role="status">Asking the server …</p>}
          {models?.length === 0 && <p>The server has no models.</p>}
          {model !== undefined && models !== undefined && (
            <ModelControls {...{ models, model, devices }} onModel={setName} onDevice={refresh} />
          )}
        </section>
        <section class="card" aria-label="Results">
          <ViewControls detections={detections} view={view} onView={setView} />
          <Results
            {...{ state, shown, facts, isLive }}
            name={fileName.replace(/\.\w+$/, '')}
            content={() => (isLive ? video.current : image.current)}
          />
          {shown.length > 0 && <DetectionTable {...marks} selected={selected} />}
        </section>
        {model !== undefined && <ModelDetails model={model} />}
      </div>
    </div>
  );
}
