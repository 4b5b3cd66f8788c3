import { expect, it } from 'vitest';
import { amount } from './amount.ts';

it('counts one and more', () => {
  expect(amount(1, 'image')).toBe('1 image');
  expect(amount(0, 'image')).toBe('0 images');
  expect(amount(2, 'class', 'classes')).toBe('2 classes');
});
