import { describe, expect, it } from 'vitest';
import { bodyOf, inferenceGraphOf, inlined, lines } from '../../../test/support/inference-graphs.ts';
import { call, func, functionOf, graphOf, int, node, placeholder, type } from '../../../test/support/tf-records.ts';
import type { TfFunction, TfGraph, TfNode } from '../model.ts';
import { inlineCalls, inlineWithoutPruning } from './inline-calls.ts';

const X = placeholder('x');
const TOP_K = functionOf(
  'top',
  ['a', 'k'],
  { best: 'TopK:values:0', where: 'TopK:indices:0', same: 'a', first: 'Split:output:2' },
  node('TopK', 'TopKV2', ['a', 'k', '^a']),
  node('Split', 'Split', ['k', 'a'], { num_split: int(3) }),
  node('Dead', 'Nonsense', ['TopK:indices:0']),
);

describe('inlineCalls', () => {
  it('replaces calls by function bodies', () => {
    const { graph, outputs } = inlined(
      [X, node('k', 'Const'), call('call', 'top', 'x', 'k'), node('y', 'Add', ['call', 'call:1'])],
      [TOP_K],
      'y',
      'call:2',
      'call:3',
    );
    expect(lines(graph)).toEqual([
      'x = Placeholder()',
      'k = Const()',
      'call/TopK = TopKV2(x, k)',
      'call/Split = Split(k, x)',
      'y = Add(call/TopK, call/TopK:1)',
    ]);
    expect(outputs.map(({ tensor }) => tensor)).toEqual(['y', 'x', 'call/Split:2']);
  });

  it('inlines nested calls, and calls that use the function name as op', () => {
    const inner = functionOf('Inner', ['v'], { a: 'v', b: 'r:activations:0' }, node('r', 'Relu', ['v']));
    const outer = functionOf(
      'outer',
      ['v'],
      { y: 'second:b:0' },
      node('first', 'Inner', ['v']),
      node('second', 'Inner', ['first:a:0', '^first']),
    );
    const { graph, outputs } = inlined([X, call('c', 'outer', 'x')], [inner, outer], 'c:0');
    expect(lines(graph)).toEqual(['x = Placeholder()', 'c/second/r = Relu(x)']);
    expect(outputs).toEqual([{ name: 'c:0', tensor: 'c/second/r' }]);
  });

  it('keeps the bodies of loops and branches, with calls in them inlined', () => {
    const iteration = functionOf('iteration', ['i'], { i: 'c:output:0' }, call('c', 'step', 'i'));
    const step = functionOf('step', ['i'], { i: 'add:z:0' }, node('add', 'AddV2', ['i', 'i']));
    const more = functionOf('more', ['i'], { go: 'less:z:0' }, node('less', 'Less', ['i', 'i']));
    const around = functionOf(
      'around',
      ['v'],
      { y: 'loop:output:0' },
      node('loop', 'While', ['v'], { cond: func('more'), body: func('iteration') }),
    );
    const { graph, functions } = inlined([X, call('c', 'around', 'x')], [iteration, step, more, around], 'c');
    expect(lines(graph)).toEqual(['x = Placeholder()', 'c/loop = While(x)']);
    expect([...functions.keys()].sort()).toEqual(['iteration', 'more']);
    expect(lines(functions.get('iteration')!.graph)).toEqual(['c/add = AddV2(i, i)']);
    expect(functions.get('iteration')!.outputs).toEqual(['c/add']);
  });

  it('prefers functions that an earlier step changed', () => {
    const old = functionOf('f', ['v'], { y: 'v' });
    const changed = bodyOf('f', ['v'], ['new'], node('new', 'Abs', ['v']));
    const model = inferenceGraphOf([X, call('c', 'f', 'x')], ['c'], { functions: [changed] });
    const { graph } = inlineCalls(model, { functions: new Map([['f', old]]) });
    expect(lines(graph)).toEqual(['x = Placeholder()', 'c/new = Abs(x)']);
  });

  it('instantiates functions for the types of their callers', () => {
    const T = { kind: 'placeholder', value: 'T' } as const;
    const iteration = functionOf('iteration', ['i'], { i: 'cast:y:0' }, node('cast', 'Cast', ['i'], { DstT: T }));
    const generic = functionOf(
      'generic',
      ['v'],
      { y: 'loop:output:0' },
      node('cast', 'Cast', ['v'], { SrcT: T, shapes: { kind: 'list', value: [T] } }),
      node('loop', 'While', ['cast:y:0'], { body: func('iteration', { T }) }),
    );
    const half = node('half', 'PartitionedCall', ['x'], { f: func('generic', { T: type('DT_HALF') }) });
    const int8 = node('int8', 'generic', ['x'], { T: type('DT_INT8') });
    const { graph, functions } = inlined([X, half, int8], [iteration, generic], 'half', 'int8');
    const bodyTypes = ['half', 'int8'].map(name => {
      const body = graph.get(`${name}/loop`)?.attrs.get('body');
      const inner = body?.kind === 'func' ? functions.get(body.value.name) : undefined;
      return [graph.get(`${name}/cast`)?.attrs.get('SrcT'), inner?.graph.get('cast')?.attrs.get('DstT')];
    });
    expect(bodyTypes).toEqual([
      [type('DT_HALF'), type('DT_HALF')],
      [type('DT_INT8'), type('DT_INT8')],
    ]);
    expect(graph.get('int8/cast')?.attrs.get('shapes')).toEqual({ kind: 'list', value: [type('DT_INT8')] });
  });

  it('keeps side effects if nothing is pruned', () => {
    const fill = functionOf('fill', ['t'], {}, node('import', 'LookupTableImportV2', ['t']));
    const nodes = [node('table', 'HashTableV2'), call('init', 'fill', 'table')];
    expect(lines(inlineWithoutPruning(graphOf(...nodes), new Map([['fill', fill]])))).toEqual([
      'table = HashTableV2()',
      'init/import = LookupTableImportV2(table)',
    ]);
  });

  it('does not read unused functions', () => {
    const broken: TfFunction = {
      ...functionOf('broken', [], {}),
      get nodes(): TfGraph {
        throw new Error('it was read');
      },
    };
    const inner = functionOf('inner', ['v'], { y: 'v' }, call('gradient', 'broken'));
    expect(lines(inlined([X, call('c', 'inner', 'x')], [inner, broken], 'c').graph)).toEqual(['x = Placeholder()']);
  });
});

describe('functions that cannot be inlined', () => {
  const refusal = (functions: readonly TfFunction[], first: TfNode = call('c', 'f', 'x')): unknown => {
    try {
      return inlined([X, first], functions, 'c');
    } catch (thrown) {
      return thrown;
    }
  };
  const f = (...nodes: readonly TfNode[]): TfFunction =>
    functionOf('f', ['v'], { y: `${nodes[0]!.name}:output:0` }, ...nodes);
  const loop = (name: string, body: string): TfNode => node(name, 'While', ['v'], { body: func(body) });

  it.each<readonly [string, string, readonly TfFunction[]]>([
    ['itself', 'f -> f', [f(call('again', 'f', 'v'))]],
    [
      'another',
      'f -> g -> f',
      [f(call('a', 'g', 'v')), functionOf('g', ['v'], { y: 'b:output:0' }, call('b', 'f', 'v'))],
    ],
    ['its body', 'f -> f', [f(loop('a', 'f'))]],
    ['a body', 'g -> g', [f(loop('a', 'g')), functionOf('g', ['v'], { y: 'b:output:0' }, call('b', 'g', 'v'))]],
    ['bodies', 'g -> h -> g', [f(loop('a', 'g')), functionOf('g', ['v'], { y: 'b:output:0' }, loop('b', 'h')), functionOf('h', ['v'], { y: 'b:output:0' }, loop('b', 'g'))]], // prettier-ignore
  ])('include recursion, shown with its path: through %s', (_, path, functions) => {
    expect(refusal(functions)).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(new RegExp(`calls itself: ${path}$`)) as string,
    });
  });

  it('include recursion with a new type in each call', () => {
    const T = { kind: 'placeholder', value: 'T' } as const;
    const twice = func('f', { T: { kind: 'list', value: [T, T] } });
    const growing = f(node('a', 'While', ['v'], { body: twice }));
    const first = node('c', 'While', ['x'], { body: func('f', { T: type('DT_FLOAT') }) });
    expect(refusal([growing], first)).toMatchObject({
      code: 'unsupported',
      message: 'function f calls itself: f -> f',
    });
  });

  it('include calls with missing parts', () => {
    expect(refusal([])).toMatchObject({ code: 'malformed', message: `function 'f' is not defined` });
    expect(refusal([f(loop('a', 'g'))])).toMatchObject({ code: 'malformed', message: `function 'g' is not defined` });
    expect(refusal([f(node('a', 'NoOp'))], call('c', 'f'))).toMatchObject({
      code: 'malformed',
      message: `'c' calls f with 0 arguments, expected 1`,
    });
    expect(refusal([functionOf('f', ['v'], { y: 'gone:output:0' })])).toMatchObject({ code: 'malformed' });
    expect(refusal([functionOf('f', ['v'], { y: 't:nothing:0' }, node('t', 'TopKV2', ['v']))])).toMatchObject({
      code: 'malformed',
      message: `TopKV2 't' has no output 'nothing'`,
    });
    expect(refusal([{ ...f(node('a', 'NoOp')), returns: new Map() }])).toMatchObject({
      message: `function f does not return 'y'`,
    });
    expect(refusal([functionOf('f', ['v'], { y: 'v' })], call('c', 'f', 'c'))).toMatchObject({
      code: 'malformed',
      message: `call 'c' depends on its own output`,
    });
  });

  it('include calls whose inlined names collide', () => {
    const nodes = [X, node('c/r', 'Abs', ['x']), call('c', 'f', 'x'), node('y', 'Add', ['c', 'c/r'])];
    expect(() => inlined(nodes, [f(node('r', 'Relu', ['v']))], 'y')).toThrow(`two nodes are named 'c/r'`);
  });

  it('are limited if they grow exponentially', () => {
    const chain = (levels: number, op: (i: number) => readonly TfNode[]): readonly TfFunction[] =>
      Array.from({ length: levels }, (_, i) =>
        functionOf(`f${i}`, ['v'], { y: 'a:output:0' }, ...(i === levels - 1 ? [node('a', 'Abs', ['v'])] : op(i))),
      );
    const twice = (i: number): readonly TfNode[] => [call('a', `f${i + 1}`, 'b:output:0'), call('b', `f${i + 1}`, 'v')];
    const once = (i: number): readonly TfNode[] => [call('a', `f${i + 1}`, 'v')];
    const nested = (i: number): readonly TfNode[] => [
      node('a', 'If', ['b:output:0'], { then_branch: func(`f${i + 1}`), else_branch: func(`f${i + 1}`) }),
      node('b', 'If', ['v'], { then_branch: func(`f${i + 1}`), else_branch: func(`f${i + 1}`) }),
    ];
    const first = call('c', 'f0', 'x');
    expect(refusal(chain(90, twice), first)).toMatchObject({ code: 'limit' });
    expect(refusal(chain(90, nested), first)).toMatchObject({ code: 'limit' });
    expect(refusal(chain(101, once), first)).toMatchObject({ code: 'limit' });
    expect(refusal(chain(100, once), first)).not.toBeInstanceOf(Error);
    expect(
      refusal(
        chain(5000, i => [loop('a', `f${i + 1}`)]),
        first,
      ),
    ).toMatchObject({ code: 'limit' });
  });

  it('exclude long chains of calls', () => {
    const same = functionOf('same', ['v'], { y: 'v' });
    const row = Array.from({ length: 20_000 }, (_, i) => call(`c${i}`, 'same', i === 0 ? 'x' : `c${i - 1}`));
    const users = row.map(({ name }) => node(`u${name}`, 'Abs', [name]));
    const { graph } = inlined([X, ...row, ...users], [same], ...users.map(({ name }) => name));
    expect([...graph.values()].slice(1).every(({ inputs }) => inputs[0] === 'x')).toBe(true);
  });
});
