import type { JSX } from 'preact';
import type { ModelInformation, PortInformation } from '../../src/server/models/model-information.ts';

/** What the server tells about a model. */
export function ModelDetails({ model }: { readonly model: ModelInformation }): JSX.Element {
  const { version, kind, device, requests, batch, inputs = [], outputs = [], labels = [], notes = [] } = model;
  return (
    <details class="card">
      <summary>Model information</summary>
      <dl>
        <Fact title="Version" value={version} />
        <Fact title="Kind" value={kind ?? 'not a detector'} />
        <Fact title="Runs on" value={device} />
        <Fact title="Classes" value={labels.length} />
        <Fact title="Parallel requests" value={requests} />
        <Fact title="Largest batch" value={batch} />
        <Fact title="Converted in" value={model.converted && `${(model.converted / 1000).toFixed(2)} s`} />
      </dl>
      <Ports title="Inputs" ports={inputs} />
      <Ports title="Outputs" ports={outputs} />
      {notes.map(note => (
        <p key={note}>{note}</p>
      ))}
    </details>
  );
}

function Fact({
  title,
  value,
}: {
  readonly title: string;
  readonly value: string | number | undefined;
}): JSX.Element | null {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Ports({ title, ports }: { readonly title: string; readonly ports: readonly PortInformation[] }): JSX.Element {
  return (
    <div class="scroll" role="region" aria-label={title} tabIndex={0}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Shape</th>
          </tr>
        </thead>
        <tbody>
          {ports.map(({ name, type, shape }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{type}</td>
              <td>{shape === undefined ? 'any' : `[${shape.map(size => (size < 0 ? '?' : size)).join(', ')}]`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
