/**
 * What runs in the page of a report: each function is put into the page as the text of itself, so that it refers to nothing
 * but its arguments and the other functions of `PAGE_SCRIPT`.
 */

/** What is shown of the objects that were found. */
export interface View {
  /** The lowest score. */
  readonly threshold: number;
  /** The classes that are not shown, as the page writes their ids. */
  readonly hidden: ReadonlySet<string>;
}

/** The part of a page's address behind `#` that gives this view again. */
export function toHash({ threshold, hidden }: View): string {
  return `#threshold=${threshold}${hidden.size === 0 ? '' : `&hide=${[...hidden].join(',')}`}`;
}

/** The view that an address asks for; `threshold` where it says none. */
export function fromHash(hash: string, threshold: number): View {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const wanted = Number.parseFloat(fields.get('threshold') ?? '');
  return {
    threshold: wanted >= 0 && wanted <= 1 ? wanted : threshold,
    hidden: new Set((fields.get('hide') ?? '').split(',').filter(id => id !== '')),
  };
}

/** How many items there are of each key. */
export function countBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** The parts of a browser's document that the script uses. */
export interface Element {
  readonly dataset: Readonly<Record<string, string | undefined>>;
  readonly classList: { toggle(name: string, on: boolean): unknown };
  textContent: string | null;
  value: string;
  checked: boolean;
  addEventListener(type: 'input', listener: () => void): void;
}

export interface Page {
  readonly document: { querySelectorAll(selector: string): Iterable<Element> };
  readonly location: { readonly hash: string };
  readonly history: { replaceState(state: null, title: string, address: string): void };
  requestAnimationFrame(work: () => void): unknown;
}

/** Has the slider and the boxes of classes decide which objects the pictures show, and counts those. */
export function runPage(page: Page): void {
  const all = (selector: string): readonly Element[] => [...page.document.querySelectorAll(selector)];
  const [slider] = all('[data-slider]');
  if (slider === undefined) return;
  const objects = all('[data-object]').map(element => {
    const { score = '', class: classId = '', picture = '' } = element.dataset;
    return { element, score: Number(score), classId, picture };
  });
  const classes = all('[data-class-toggle]');

  const show = ({ threshold, hidden }: View): void => {
    const shown = objects.filter(({ element, score, classId }) => {
      const on = score >= threshold && !hidden.has(classId);
      element.classList.toggle('off', !on);
      return on;
    });
    // An object stands in its picture and in its table.
    const counted = shown.filter(({ element }) => element.dataset['object'] === 'box');
    const perClass = countBy(counted, ({ classId }) => classId);
    const perPicture = countBy(counted, ({ picture }) => picture);
    for (const each of all('[data-class-count]')) {
      each.textContent = String(perClass.get(each.dataset['classCount'] ?? '') ?? 0);
    }
    for (const each of all('[data-picture-count]')) {
      each.textContent = String(perPicture.get(each.dataset['pictureCount'] ?? '') ?? 0);
    }
    for (const each of all('[data-total]')) each.textContent = String(counted.length);
    for (const each of all('[data-threshold]')) each.textContent = threshold.toFixed(2);
    for (const each of all('[data-bar]')) each.classList.toggle('below', Number(each.dataset['bar']) < threshold);
  };

  const first = fromHash(page.location.hash, Number(slider.value));
  slider.value = String(first.threshold);
  for (const each of classes) each.checked = !first.hidden.has(each.dataset['classToggle'] ?? '');
  show(first);

  let waiting = false;
  const change = (): void => {
    // A slider that is dragged tells of more changes than a screen can show.
    if (waiting) return;
    waiting = true;
    page.requestAnimationFrame(() => {
      waiting = false;
      const off = classes.filter(({ checked }) => !checked).map(({ dataset }) => dataset['classToggle'] ?? '');
      const view = { threshold: Number(slider.value), hidden: new Set(off) };
      show(view);
      page.history.replaceState(null, '', toHash(view));
    });
  };
  for (const each of [slider, ...classes]) each.addEventListener('input', change);
}

/** The text of the script. */
export const PAGE_SCRIPT = `'use strict';
${[toHash, fromHash, countBy, runPage].map(String).join('\n')}
runPage(window);`;
