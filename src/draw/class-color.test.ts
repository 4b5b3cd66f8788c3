import { describe, expect, it } from 'vitest';
import { classColor, type Color, textColorOn, toCss } from './class-color.ts';

const ids = Array.from({ length: 91 }, (_, i) => i);

const luminance = (color: Color): number => {
  const [r, g, b] = color.map(value =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};

const contrast = (a: Color, b: Color): number => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
};

const distance = (a: Color, b: Color): number => Math.hypot(...a.map((value, i) => value - b[i]!));

describe('classColor', () => {
  it('is unique per class', () => {
    expect(new Set(ids.map(id => toCss(classColor(id)))).size).toBe(ids.length);
    expect(classColor(17)).toEqual(classColor(17));
  });

  it('differs clearly between neighboring classes', () => {
    for (const id of ids) {
      for (let other = id + 1; other <= id + 4; other++) {
        expect(distance(classColor(id), classColor(other)), `${id} and ${other}`).toBeGreaterThan(60);
      }
    }
  });

  it('is a valid color for any id', () => {
    for (const id of [-1, 1e6])
      for (const value of classColor(id)) expect(value).toSatisfy((v: number) => v >= 0 && v <= 255);
  });
});

describe('textColorOn', () => {
  it('has enough contrast on every class color', () => {
    for (const id of ids) {
      const background = classColor(id);
      expect(contrast(textColorOn(background), background), `${id}`).toBeGreaterThan(4.5);
    }
  });

  it('is white on dark and black on light', () => {
    expect(textColorOn([0, 0, 80])).toEqual([255, 255, 255]);
    expect(textColorOn([255, 255, 0])).toEqual([0, 0, 0]);
  });
});
