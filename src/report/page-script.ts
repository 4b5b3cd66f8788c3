/**
 * The script of a report's page. Functions are inserted as their own source text, so they may only refer to their arguments
 * and the other functions of `PAGE_SCRIPT`.
 */

/** The minimum score, and the ids of hidden classes. */
export interface View {
  readonly threshold: number;
  readonly hidden: ReadonlySet<string>;
}

export function toHash({ threshold, hidden }: View): string {
  return `#threshold=${threshold}${hidden.size === 0 ? '' : `&hide=${[...hidden].join(',')}`}`;
}

export function fromHash(hash: string, threshold: number): View {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const wanted = Number.parseFloat(fields.get('threshold') ?? '');
  return {
    threshold: wanted >= 0 && wanted <= 1 ? wanted : threshold,
    hidden: new Set((fields.get('hide') ?? '').split(',').filter(id => id !== '')),
  };
}

export function countBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

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

function runPage(page: Page): void {
  const all = (selector: string): readonly Element[] => [...page.document.querySelectorAll(selector)];
  const [slider] = all('[data-slider]');
  if (slider === undefined) return;
  const objects = all('[data-object]').map(element => {
    const { score = '', class: classId = '', image = '' } = element.dataset;
    return { element, score: Number(score), classId, image };
  });
  const classes = all('[data-class-toggle]');

  const show = ({ threshold, hidden }: View): void => {
    const shown = objects.filter(({ element, score, classId }) => {
      const on = score >= threshold && !hidden.has(classId);
      element.classList.toggle('off', !on);
      return on;
    });
    // Each object is in its image and in its table.
    const counted = shown.filter(({ element }) => element.dataset['object'] === 'box');
    const perClass = countBy(counted, ({ classId }) => classId);
    const perImage = countBy(counted, ({ image }) => image);
    for (const each of all('[data-class-count]')) {
      each.textContent = String(perClass.get(each.dataset['classCount'] ?? '') ?? 0);
    }
    for (const each of all('[data-image-count]')) {
      each.textContent = String(perImage.get(each.dataset['imageCount'] ?? '') ?? 0);
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
    // A dragged slider fires more often than the screen refreshes.
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

export interface Enlargeable {
  readonly children: Iterable<{ cloneNode(deep: boolean): unknown }>;
  addEventListener(type: 'click', listener: () => void): void;
}

export interface Dialog {
  replaceChildren(...children: readonly unknown[]): void;
  showModal(): void;
  close(): void;
  addEventListener(type: 'click', listener: () => void): void;
}

/** Shows a clicked image in a dialog, which a click or Escape closes. */
function enlargeImages(images: Iterable<Enlargeable>, dialog: Dialog): void {
  for (const image of images) {
    image.addEventListener('click', () => {
      dialog.replaceChildren(...[...image.children].map(child => child.cloneNode(true)));
      dialog.showModal();
    });
  }
  dialog.addEventListener('click', () => dialog.close());
}

export const PAGE_SCRIPT = `'use strict';
${[toHash, fromHash, countBy, runPage, enlargeImages].map(String).join('\n')}
runPage(window);
enlargeImages(document.querySelectorAll('[data-enlarge]'), document.querySelector('[data-dialog]'));`;
