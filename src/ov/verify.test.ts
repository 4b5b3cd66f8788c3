import { describe, expect, it } from 'vitest';
import { unknown } from '../tensor/dim.ts';
import { Builder } from './builder.ts';
import type { Graph, Node, Value } from './graph.ts';
import { If } from './ops/control-flow.ts';
import { Add } from './ops/arithmetic.ts';
import { NonZero } from './ops/condition.ts';
import { Relu } from './ops/activation.ts';
import { verify } from './verify.ts';

const b = new Builder();
const x = b.parameter('x', 'f32', [2, unknown('h')]);
const sum = b.add(Add, [x, x]);

const graphOf = (y: Value, ...inputs: readonly Value[]): Graph => ({
  name: 'g',
  inputs: new Map(inputs.map(value => [value.node.name, value])),
  outputs: new Map([['y', y]]),
});

/** A value as another node gives it: `sum` with something changed. */
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
  ['a parameter without name', /'x' is a parameter without a public name/, graphOf(sum)],
  ['one in a body', /'inner' is a parameter without a public name/, graphOf(nested!, condition)],
  ['another type', /gives i32\[2,\?\], not f32/, graphOf(changed({ type: 'i32' }), x)],
  ['another size', /gives f32\[3,\?\], not f32\[2,\?\]/, graphOf(changed({ shape: [3, unknown('h')] }), x)],
  ['another rank', /gives f32\[2\], not f32\[2,\?\]/, graphOf(changed({ shape: [2] }), x)],
  ['an output too few', /gives 0 outputs, not 1/, graphOf(changed({}, { outputs: [] }), x)],
  ['an output of another node', /does not own its output 0/, graphOf(changed({}, { outputs: [unowned] }), x)],
  ['an output that nobody gives', /does not give the output 'y'/, graphOf({ ...sum }, x)],
  ['an input that nobody gives', /an input 0 that nobody gives/, graphOf(changed({}, { inputs: [{ ...x }, x] }), x)],
];

describe('a graph', () => {
  it('holds together as the builder makes it', () => {
    expect(() => {
      verify(graphOf(b.add(Add, [sum, sum]), x));
      verify(graphOf(b.add(NonZero, [x]), x));
      verify(graphOf(changed({ shape: [2, unknown('w')] }), x));
    }).not.toThrow();
  });

  it.each(BROKEN)('with %s does not', (_name, message, graph) => {
    const check = (): void => {
      verify(graph);
    };
    expect(check).toThrow(expect.objectContaining({ name: 'DecantError', code: 'internal' }) as Error);
    expect(check).toThrow(message);
  });
});
