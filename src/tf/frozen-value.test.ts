import { expect, it } from 'vitest';
import { type FrozenValue, parseFrozenValues } from './frozen-value.ts';

it.each<[text: string, values: Readonly<Record<string, FrozenValue>>]>([
  ['phase_train=false', { phase_train: false }],
  [' a = True , b:0=1 ', { a: true, 'b:0': 1 }],
  ['x=-1.5e3,y=.5,z=-inf', { x: -1500, y: 0.5, z: -Infinity }],
  ['sizes=[1, 2],names=[a,"b,c"]', { sizes: [1, 2], names: ['a', 'b,c'] }],
  ['x=[[1,2],[3,4]],empty=[]', { x: [[1, 2], [3, 4]], empty: [] }], // prettier-ignore
  ["path='a]b'", { path: 'a]b' }],
  ['__proto__=1', Object.fromEntries([['__proto__', 1]])],
])('parses %s', (text, values) => {
  expect(parseFrozenValues(text)).toEqual(new Map(Object.entries(values)));
});

it.each(['', 'x', 'x=', '=1', 'x=[1', 'x=1]', 'x=[1,]', 'x=1,', 'x=1,,y=2', 'x=[1]2', `x=${'['.repeat(9)}`])(
  'rejects %s',
  text => {
    expect(() => parseFrozenValues(text)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: `'${text}' is not a list of names and values`,
      }) as unknown,
    );
  },
);

it('rejects two values for one input', () => {
  expect(() => parseFrozenValues('x=1,x=2')).toThrow("input 'x' is frozen twice");
});
