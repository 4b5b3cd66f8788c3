import type { JSX } from 'preact';
import { classColor, toCss } from '../../src/draw/class-color.ts';
import { type FoundDetection, LOWEST_SCORE } from '../server.ts';
import { classesOf, type View } from './view.ts';

interface Properties {
  readonly detections: readonly FoundDetection[];
  readonly view: View;
  readonly onView: (view: View) => void;
}

/** The lowest score to show, and the classes. */
export function ViewControls({ detections, view, onView }: Properties): JSX.Element {
  const { threshold, hidden } = view;
  const toggle = (classId: number): void => {
    const next = new Set(hidden);
    if (!next.delete(classId)) next.add(classId);
    onView({ threshold, hidden: next });
  };
  // Classes of which nothing reaches the threshold would only take room.
  const classes = classesOf(detections, threshold).filter(({ count }) => count > 0);
  return (
    <>
      <label class="slider">
        <span>Lowest score: {Math.round(100 * threshold)} %</span>
        <input
          type="range"
          min={LOWEST_SCORE}
          max={1}
          step={0.01}
          value={threshold}
          aria-valuetext={`${Math.round(100 * threshold)} %`}
          onInput={event => onView({ threshold: event.currentTarget.valueAsNumber, hidden })}
        />
      </label>
      {classes.length > 0 && (
        <fieldset>
          <legend>Classes</legend>
          {classes.map(({ classId, label, count }) => (
            <label key={classId} class="chip">
              <input type="checkbox" checked={!hidden.has(classId)} onChange={() => toggle(classId)} />
              <span class="swatch" style={{ background: toCss(classColor(classId)) }} />
              {label} ({count})
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}
