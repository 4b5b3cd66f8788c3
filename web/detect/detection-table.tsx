import type { JSX } from 'preact';
import type { FoundDetection } from '../server.ts';
import { classColor, toCss } from '../../src/draw/class-color.ts';

/** Rows shown; the page stays fast with any model. */
const MOST = 200;

interface Properties {
  readonly shown: readonly FoundDetection[];
  /** The one whose box is highlighted: the selected one, or the one pointed at. */
  readonly marked: FoundDetection | undefined;
  readonly selected: FoundDetection | undefined;
  readonly onHover: (detection: FoundDetection | undefined) => void;
  readonly onSelect: (detection: FoundDetection | undefined) => void;
}

/** The detections as a table; choosing one highlights its box. */
export function DetectionTable({ shown, marked, selected, onHover, onSelect }: Properties): JSX.Element {
  return (
    <div class="scroll" role="region" aria-label="Detections" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="number">
              Score
            </th>
            <th scope="col" class="number">
              Left, top
            </th>
            <th scope="col" class="number">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, MOST).map((detection, i) => (
            <tr
              key={i}
              class={detection === marked ? 'selected' : undefined}
              onMouseEnter={() => onHover(detection)}
              onMouseLeave={() => onHover(undefined)}
            >
              <td>
                <button
                  type="button"
                  class="plain"
                  aria-pressed={detection === selected}
                  onFocus={() => onHover(detection)}
                  onBlur={() => onHover(undefined)}
                  onClick={() => onSelect(detection === selected ? undefined : detection)}
                >
                  <span class="swatch" style={{ background: toCss(classColor(detection.classId)) }} />
                  {detection.label}
                  {detection.trackId !== undefined && ` ${detection.trackId}`}
                </button>
              </td>
              <td class="number">{(100 * detection.score).toFixed(1)} %</td>
              <td class="number">
                {Math.round(detection.box.xmin)}, {Math.round(detection.box.ymin)}
              </td>
              <td class="number">
                {Math.round(detection.box.xmax - detection.box.xmin)} ×{' '}
                {Math.round(detection.box.ymax - detection.box.ymin)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length > MOST && <p>{shown.length - MOST} more: raise the lowest score, or copy the JSON.</p>}
    </div>
  );
}
