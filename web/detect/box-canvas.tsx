import type { ComponentChildren, JSX, TargetedMouseEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Found, FoundDetection } from '../server.ts';
import { detectionAt, drawBoxes } from './draw-boxes.ts';
import { summaryOf } from './view.ts';

/** Longest side of the canvas, in pixels: enough for any screen. */
const LONGEST = 2048;

interface Properties {
  readonly found: Found | undefined;
  readonly shown: readonly FoundDetection[];
  readonly marked: FoundDetection | undefined;
  readonly onHover: (detection: FoundDetection | undefined) => void;
  readonly onSelect: (detection: FoundDetection | undefined) => void;
  /** The image or video below the boxes. */
  readonly children: ComponentChildren;
}

/** Boxes over an image or a video. */
export function BoxCanvas({ found, shown, marked, onHover, onSelect, children }: Properties): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (found === undefined || context === null || context === undefined) return;
    const scale = Math.min(1, LONGEST / Math.max(found.width, found.height));
    context.canvas.width = Math.round(found.width * scale);
    context.canvas.height = Math.round(found.height * scale);
    drawBoxes(context, found, shown, marked);
  }, [found, shown, marked]);
  const at = ({ offsetX, offsetY, currentTarget }: TargetedMouseEvent<HTMLCanvasElement>): FoundDetection | undefined =>
    found &&
    detectionAt(
      shown,
      (offsetX * found.width) / currentTarget.clientWidth,
      (offsetY * found.height) / currentTarget.clientHeight,
    );
  return (
    <div class="stage">
      {children}
      {found !== undefined && (
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Boxes: ${summaryOf(shown)}`}
          onMouseMove={event => onHover(at(event))}
          onMouseLeave={() => onHover(undefined)}
          onClick={event => onSelect(at(event))}
        />
      )}
    </div>
  );
}
