import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol } from '../tensor/dim.ts';
import { packStrings } from '../tensor/strings.ts';
import { type Tensor, tensorOf } from '../tensor/tensor.ts';
import { Builder } from './builder.ts';
import type { Graph, Value } from './graph.ts';
import { If } from './ops/control-flow.ts';
import { Add } from './ops/arithmetic.ts';
import { Concat, Pad, Split } from './ops/movement.ts';
import { Reshape, Squeeze } from './ops/shape.ts';
import { NonZero } from './ops/condition.ts';
import { Clamp, Relu } from './ops/activation.ts';
import { parseGraph } from './parse-graph.ts';
import { printGraph } from './print-graph.ts';
import { verify } from './verify.ts';

const graphOf = (inputs: readonly Value[], ...outputs: readonly Value[]): Graph => ({
  name: 'g',
  inputs: new Map(inputs.map(value => [value.node.name, value])),
  outputs: new Map(outputs.map((value, i) => [`y${i}`, value])),
});

function expectSame(graph: Graph): void {
  const printed = printGraph(graph);
  const again = parseGraph(printed);
  verify(again);
  expect(printGraph(again)).toEqual(printed);
}

describe('printGraph and parseGraph', () => {
  it('use one line per node, after its inputs', () => {
    const b = new Builder();
    const images = b.parameter('images', 'f32', [1, symbol('h'), symbol('w')]);
    b.origin = 's';
    const squeezed = b.add(Squeeze, [images, b.i64(0)]);
    const graph = graphOf([images], squeezed);
    expect(printGraph(graph).text.split('\n')).toEqual([
      'graph "g"',
      'in "images" = %0: f32[1,h,w]',
      '%1 = Const "s" i64[1] {0}',
      '%2 = Squeeze@opset1 "s" (%0, %1): f32[h,w]',
      'out "y0" = %2',
      '',
    ]);
    expectSame(graph);
  });

  it('keep attributes, names and multiple outputs', () => {
    const b = new Builder();
    const x = b.parameter('quo"te\\d, (odd)=%1', 'f32', [4]);
    b.origin = 'a/b:0 "c"\n';
    const [front, back] = b.addAll(Split, [b.add(Clamp, [x], { min: -0.5, max: Infinity }), b.scalar('i64', 0)], {
      num_splits: 2,
    });
    expectSame(graphOf([x], back!, front!, back!, x));
  });

  it('keep constants of every type exactly', () => {
    const b = new Builder();
    const constants: readonly Tensor[] = [
      tensorOf('f32', [5], [0.1, -0, Infinity, NaN, 1e-45]),
      tensorOf('f64', [2], [0.1, 1e-300]),
      tensorOf('f16', [3], [0.1, 6e-8, -Infinity]),
      tensorOf('bf16', [1], [3.14]),
      { type: 'i64', shape: [2], data: new BigInt64Array([2n ** 63n - 1n, -(2n ** 63n)]) },
      { type: 'u64', shape: [1], data: new BigUint64Array([2n ** 64n - 1n]) },
      tensorOf('boolean', [2], [1, 0]),
      tensorOf('u8', [], [255]),
      tensorOf('f32', [0, 3], []),
      tensorOf('f32', [17], []),
      { type: 'u4', shape: [3], data: new Uint8Array([0x21, 3]) },
      packStrings([3], ['a "b" c', '', 'ü\n']),
    ];
    const graph = graphOf([], ...constants.map(constant => b.constant(constant)));
    const printed = printGraph(graph);
    expect(printed.constants.length).toBe(2);
    const values = [...parseGraph(printed).outputs.values()];
    expect(values.map(({ node }) => node.constant)).toEqual(constants);
    expectSame(graph);
  });

  it('indent bodies below their node', () => {
    const body = (make: (b: Builder, x: Value) => Value): Graph => {
      const inner = new Builder();
      const x = inner.parameter('p', 'f32', [2]);
      return { name: 'body', inputs: new Map([['p', x]]), outputs: new Map([['r', make(inner, x)]]) };
    };
    const b = new Builder();
    const condition = b.parameter('c', 'boolean', []);
    const x = b.parameter('x', 'f32', [2]);
    const nested = b.addWithBodies(If, [condition, x], { inputs: [[1], [1]] }, [
      body((inner, p) => inner.add(Relu, [p])),
      body((_inner, p) => p),
    ]);
    const graph = graphOf([condition, x], b.add(Add, [nested[0]!, x]));
    expect(printGraph(graph).text).toContain('\n  graph "body"\n  in "p" = %0: f32[2]\n');
    expectSame(graph);
  });

  it('keep symbolic sizes', () => {
    const b = new Builder();
    const h = symbol('h');
    const x = b.parameter('x', 'f32', [h, symbol('w')]);
    const flat = b.add(Reshape, [x, b.i64(-1, 7)]);
    const graph = graphOf([x], flat, b.add(Concat, [x, x], { axis: 0 }));
    expect(printGraph(graph).text).toContain('f32[floordiv(h·w;7),7]');
    const again = parseGraph(printGraph(graph));
    const doubled = again.outputs.get('y1')!;
    expect(new Builder().add(Pad, [doubled, new Builder().i64(0, 0), new Builder().i64(1, 0)]).shape.join()).toBe(
      '2*h+1,w',
    );
    expectSame(graph);
  });

  it('number unknown sizes by their order in the text', () => {
    const make = (): Graph => {
      const b = new Builder();
      const x = b.parameter('x "?9"', 'f32', [4]);
      const a = b.add(NonZero, [x]);
      const c = b.add(NonZero, [b.add(Relu, [x])]);
      return graphOf([x], b.add(Concat, [c, a], { axis: 1 }));
    };
    const first = printGraph(make());
    expect(printGraph(make())).toEqual(first);
    expect(first.text).toContain('i64[1,?1]');
    expect(first.text).toContain('i64[1,?1+?2]');
    expect(first.text).toContain('x \\"?9\\"');
    expectSame(make());
  });
});

describe('parseGraph', () => {
  const good =
    'graph "g"\nin "x" = %0: f32[2]\n%1 = Const f32[2] {1 2}\n%2 = Add@opset1 (%0, %1) auto_broadcast="numpy": f32[2]\nout "y" = %2';
  const broken: readonly (readonly [string, string])[] = [
    ['an empty text', ''],
    ['a missing first line', good.replace('graph "g"\n', '')],
    ['a reference to an unknown node', good.replace('(%0, %1)', '(%0, %7)')],
    ['a reference to a missing output', good.replace('"y" = %2', '"y" = %2.1')],
    ['a missing operand', good.replace('(%0, %1)', '(%0)')],
    ['a constant with too few elements', good.replace('{1 2}', '{1}')],
    ['a constant with too many elements', good.replace('{1 2}', '{1 2 3}')],
    ['a reference to a missing constant', good.replace('{1 2}', '@3')],
    ['an unknown element type', good.replace('f32[2] {', 'f31[2] {')],
    ['an invalid shape', good.replace('f32[2] {', 'f32[2,] {')],
    ['an invalid escape sequence', good.replace('"numpy"', '"\\q"')],
    ['a fractional integer', good.replace('f32[2] {1 2}', 'i64[1] {1.5}')],
    ['an unknown kind of line', `${good}\nreturn y`],
    ['a body without a node', `${good}\n  graph "body"`],
    ['a second graph', `${good}\n${good}`],
    ['a missing attribute', good.replace('Add@opset1', 'Concat@opset1').replace(' auto_broadcast="numpy"', '')],
  ];

  it('parses the text that the tests break', () => {
    expect(parseGraph({ text: good, constants: [] }).outputs.size).toBe(1);
  });

  it.each(broken)('rejects %s', (_name, text) => {
    expect(text).not.toBe(good);
    expect(() => parseGraph({ text, constants: [] })).toThrow(
      expect.objectContaining({ name: 'DecantError', code: 'malformed' }) as Error,
    );
  });

  it('parses or rejects any edited text without an internal error', () => {
    const edit = fc.tuple(fc.nat(good.length), fc.nat(4), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(edit, ([at, length, inserted]) => {
        const text = good.slice(0, at) + inserted + good.slice(at + length);
        try {
          verify(parseGraph({ text, constants: [] }));
        } catch (thrown) {
          expect(thrown).toMatchObject({ name: 'DecantError' });
          expect(thrown).not.toMatchObject({ code: 'internal' });
        }
      }),
      { numRuns: 500 },
    );
  });
});
