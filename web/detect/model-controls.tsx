import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ModelInformation } from '../../src/server/models/model-information.ts';
import { messageOf } from '../message-of.ts';
import { type Device, setDevice } from '../server.ts';

interface Properties {
  readonly models: readonly ModelInformation[];
  readonly model: ModelInformation;
  readonly devices: readonly Device[];
  readonly onModel: (name: string) => void;
  /** The server begins, or has finished, to compile the model. */
  readonly onDevice: () => void;
}

/** Chooses the model, and the device that it runs on. */
export function ModelControls({ models, model, devices, onModel, onDevice }: Properties): JSX.Element {
  const [wanted, setWanted] = useState<string>();
  const [failed, setFailed] = useState<string>();
  const { requestedDevice, state, step, problem } = model;
  const isBusy = wanted !== undefined || step !== undefined;
  const compile = async (select: HTMLSelectElement): Promise<void> => {
    const device = select.value;
    if (isBusy) {
      // Disabled, it would lose the focus.
      select.value = wanted ?? requestedDevice;
      return;
    }
    setWanted(device);
    setFailed(undefined);
    try {
      const compiled = setDevice(model.name, device);
      onDevice();
      await compiled;
    } catch (thrown) {
      setFailed(messageOf(thrown));
    }
    setWanted(undefined);
    onDevice();
  };
  // A device of another name, such as `MULTI:CPU,GPU`, may have been given to the server.
  const names = new Map([
    [requestedDevice, requestedDevice],
    ...devices.map(({ device, name }) => [device, name] as const),
  ]);
  const failure = failed ?? problem?.error;
  return (
    <>
      <div class="row">
        <label>
          Model{' '}
          <select value={model.name} onChange={event => onModel(event.currentTarget.value)}>
            {models.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          Device{' '}
          <select
            value={wanted ?? requestedDevice}
            aria-disabled={isBusy}
            onChange={event => void compile(event.currentTarget)}
          >
            {[...names].map(([device, name]) => (
              <option key={device} value={device}>
                {device === name ? device : `${device} (${name})`}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p role="status">
        {isBusy ? (
          <>
            <progress aria-label="Compiling the model" /> {wanted === undefined ? '' : `Compiling for ${wanted}: `}
            {step ?? 'waiting'}
          </>
        ) : state === 'ready' ? (
          `Ready on ${model.device ?? requestedDevice}`
        ) : (
          state
        )}
      </p>
      {failure !== undefined && <p role="alert">{failure}</p>}
    </>
  );
}
