import { expect, it } from 'vitest';
import { prepareModel } from '../support/prepare-model.ts';
import { translate } from '../../src/translate/translate.ts';
import { call, func, functionOf, modelOf, node, placeholder, signatureOf } from '../support/tf-records.ts';

it('reports all ops without a translator, each with the path of one node', async () => {
  const inner = functionOf('inner', ['v'], { y: 'odd:y:0' }, node('odd', 'Odd', ['v']));
  const iteration = functionOf(
    'iteration',
    ['v'],
    { y: 'call:output:0' },
    call('call', 'inner', 'v'),
    node('unused', 'Never', ['v']),
  );
  const more = functionOf('more', ['v'], { go: 'strange:y:0' }, node('strange', 'Strange', ['v']));
  const outer = functionOf(
    'outer',
    ['v'],
    { y: 'loop:output:0' },
    node('first', 'Strange', ['v']),
    node('loop', 'While', ['first:y:0'], { cond: func('more'), body: func('iteration') }),
  );
  const signatures = { serving_default: signatureOf({ x: 'x' }, { y: 'top' }) };
  const shape = placeholder('x', 'DT_FLOAT', [1]);
  const model = modelOf([shape, call('top', 'outer', 'x')], { functions: [inner, iteration, more, outer], signatures });
  await expect(translate(await prepareModel(model))).rejects.toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: `ops without a translator: Odd (1, such as 'iteration/call/odd'), Strange (2, such as 'top/first')`,
    }) as unknown,
  );
});
