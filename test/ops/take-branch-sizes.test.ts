import { expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import type { Graph, Value } from '../../src/ov/graph.ts';
import { Add } from '../../src/ov/ops/arithmetic.ts';
import { Equal } from '../../src/ov/ops/comparison.ts';
import { If } from '../../src/ov/ops/control-flow.ts';
import { columnOf, unsqueeze } from '../../src/ov/shorthand.ts';
import { applyPasses } from '../support/apply-passes.ts';
import { symbol } from '../../src/tensor/dim.ts';
import { tensor } from '../../src/tensor/tensor.ts';
import { numbers } from '../support/scene.ts';
import { compileForOpenVino } from './run-on-openvino.ts';

const CLASSES = 90;

/** Which rows of an If's result, of unknown number, are of each class. */
function graph(): Graph {
  const b = new Builder();
  const condition = b.parameter('condition', 'boolean', []);
  const rows = b.parameter('rows', 'i32', [symbol('n'), 3]);
  const body = (name: string, change: (inner: Builder, x: Value) => Value): Graph => {
    const inner = new Builder();
    const x = inner.parameter('x', 'i32', rows.shape);
    return { name, inputs: new Map([['x', x]]), outputs: new Map([['y', change(inner, x)]]) };
  };
  const branches = [body('then', (inner, x) => inner.add(Add, [x, inner.scalar('i32', 1)])), body('else', (_, x) => x)];
  const [chosen] = b.addWithBodies(
    If,
    [condition, b.add(Add, [rows, b.scalar('i32', 0)])],
    { inputs: [[1], [1]] },
    branches,
  );
  const classes = b.constant(
    tensor(
      'i32',
      [CLASSES, 1],
      Int32Array.from({ length: CLASSES }, (_, i) => i),
    ),
  );
  const isOfClass = b.add(Equal, [classes, unsqueeze(b, columnOf(b, chosen!, 1), 0)]);
  return {
    name: 'g',
    inputs: new Map([['condition', condition], ['rows', rows]]), // prettier-ignore
    outputs: new Map([['isOfClass', isOfClass]]),
  };
}

it('ops after an If have the sizes of its results, whatever ran before', async () => {
  using compiled = await compileForOpenVino(applyPasses(graph()));
  const random = numbers(3);
  for (let run = 0; run < 14; run++) {
    const count = run < 2 ? 9000 : 1 + Math.floor(30_000 * random());
    const rows = Int32Array.from({ length: 3 * count }, () => Math.floor(89 * random()));
    const isThen = random() < 0.5;
    const outputs = await compiled.run(
      new Map([
        ['condition', tensor('boolean', [], Uint8Array.of(Number(isThen)))],
        ['rows', tensor('i32', [count, 3], rows)],
      ]),
    );
    const { data, shape } = outputs.get('isOfClass')!;
    expect(shape).toEqual([CLASSES, count]);
    const wrong = (data as Uint8Array).findIndex(
      (value, i) => Boolean(value) !== (rows[3 * (i % count) + 1]! + Number(isThen) === Math.floor(i / count)),
    );
    expect({ run, wrong }).toEqual({ run, wrong: -1 });
  }
});
