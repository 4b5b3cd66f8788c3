import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ConversionStep } from '../../src/convert.ts';
import { saveFile } from '../save-file.ts';
import { useObjectUrl } from '../use-object-url.ts';
import type { Converted } from './messages.ts';

interface Properties {
  readonly converted: Converted;
  readonly steps: readonly ConversionStep[];
}

/** A converted model: its files, its architecture, its ops, and the steps of the conversion. */
export function ConvertedModel({ converted, steps }: Properties): JSX.Element {
  const { name, xml, bin, labels, notes, ops, drawing } = converted;
  const svg = useMemo(() => new Blob([drawing], { type: 'image/svg+xml' }), [drawing]);
  const url = useObjectUrl(svg);
  const files: readonly (readonly [name: string, content: Blob])[] = useMemo(
    () => [
      [`${name}.xml`, new Blob([xml], { type: 'application/xml' })],
      [`${name}.bin`, new Blob([bin])],
      ...(labels === undefined ? [] : [[`${name}.labels.txt`, new Blob([labels], { type: 'text/plain' })] as const]),
      [`${name}.svg`, svg],
    ],
    [name, xml, bin, labels, svg],
  );
  const total = Object.values(ops).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <section class="card" aria-label="Files">
        <h2>{name}</h2>
        <div class="row">
          {files.map(([file, content], i) => (
            <button
              key={file}
              type="button"
              class={i < 2 ? 'primary' : undefined}
              onClick={() => saveFile(file, content)}
            >
              {file} ({sizeOf(content)})
            </button>
          ))}
        </div>
        {notes.map(note => (
          <p key={note}>{note}</p>
        ))}
      </section>
      <section class="card" aria-label="Architecture">
        <h2>Architecture</h2>
        <div class="scroll whole" role="region" aria-label="Drawing" tabIndex={0}>
          {url !== undefined && <img class="drawing" src={url} alt={`Architecture of ${name}, ${total} ops`} />}
        </div>
      </section>
      <div class="columns even">
        <Counts title="Ops" head={['Type', 'Number']} rows={Object.entries(ops)} />
        <Counts
          title="Steps"
          head={['Step', 'Milliseconds']}
          rows={steps.map(({ name: step, ms }) => [step, ms.toFixed(1)])}
        />
      </div>
    </>
  );
}

interface Table {
  readonly title: string;
  readonly head: readonly [string, string];
  readonly rows: readonly (readonly [string, string | number])[];
}

function Counts({ title, head, rows }: Table): JSX.Element {
  return (
    <section class="card">
      <h2>{title}</h2>
      <div class="scroll" role="region" aria-label={title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{head[0]}</th>
              <th scope="col" class="number">
                {head[1]}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([key, value], i) => (
              <tr key={i}>
                <td>{key}</td>
                <td class="number">{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const sizeOf = ({ size }: Blob): string =>
  size < 1e6 ? `${Math.ceil(size / 1e3)} kB` : `${(size / 1e6).toFixed(1)} MB`;
