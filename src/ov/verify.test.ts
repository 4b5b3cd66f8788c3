import { describe, expect, it } from 'vitest';
import { symbol } from '../tensor/dim.ts';
import { Builder } from './builder.ts';
import type { Graph, Node, Value } from './graph.ts';
import { If } from './ops/control-flow.ts';
import { Add } from './ops/arithmetic.ts';
import { NonZero } from './ops/condition.ts';
import { Relu } from './ops/activation.ts';
import { verify } from './verify.ts';

const b = new Builder();
const x = b.parameter('x', 'f32', [2, symbol('h')]);
const sum = b.add(Add, [x, x]);

const graphOf = (y: Value, ...inputs: readonly Value[]): Graph => ({
  name: 'g',
  inputs: new Map(inputs.map(value => [value.node.name, value])),
  outputs: new Map([['y', y]]),
});

function changed(output: Partial<Value>, node: Partial<Node> = {}): Value {
  const outputs: Value[] = [];
  outputs.push({ ...sum, node: { ...sum.node, outputs, ...node }, ...output });
  return outputs[0]!;
}

const inner = b.parameter('inner', 'f32', [2]);
const branch: Graph = graphOf(b.add(Relu, [inner]));
const condition = b.parameter('c', 'boolean', []);
const [nested] = b.addWithBodies(If, [condition], { inputs: [[], []] }, [branch, branch]);
const unowned = changed({});

const BROKEN: readonly (readonly [string, RegExp, Graph])[] = [
  ['a parameter that is not an input', /'x' is not an input of the graph/, graphOf(sum)],
  ['such a parameter in a body', /'inner' is not an input of the graph/, graphOf(nested!, condition)],
  ['a wrong type', /has type i32\[2,\?\], but its op infers f32/, graphOf(changed({ type: 'i32' }), x)],
  [
    'a wrong size',
    /has type f32\[3,\?\], but its op infers f32\[2,\?\]/,
    graphOf(changed({ shape: [3, symbol('h')] }), x),
  ],
  ['a wrong rank', /has type f32\[2\], but its op infers f32\[2,\?\]/, graphOf(changed({ shape: [2] }), x)],
  ['a missing output', /has 0 outputs, but its op infers 1/, graphOf(changed({}, { outputs: [] }), x)],
  ['an output of another node', /does not own its output 0/, graphOf(changed({}, { outputs: [unowned] }), x)],
  ['a graph output that no node owns', /does not own the graph output 'y'/, graphOf({ ...sum }, x)],
  ['an input that no node owns', /an input 0 that no node owns/, graphOf(changed({}, { inputs: [{ ...x }, x] }), x)],
];

describe('verify', () => {
  it('accepts graphs of the Builder', () => {
    expect(() => {
      verify(graphOf(b.add(Add, [sum, sum]), x));
      verify(graphOf(b.add(NonZero, [x]), x));
      verify(graphOf(changed({ shape: [2, symbol('w')] }), x));
    }).not.toThrow();
  });

  it.each(BROKEN)('rejects %s', (_name, message, graph) => {
    const check = (): void => {
      verify(graph);
    };
    expect(check).toThrow(expect.objectContaining({ name: 'DecantError', code: 'internal' }) as Error);
    expect(check).toThrow(message);
  });
});
