import { expect, it } from 'vitest';
import { prepareModel } from '../support/prepare-model.ts';
import { translate } from '../../src/translate/translate.ts';
import { call, func, functionOf, modelOf, node, placeholder, signatureOf } from '../support/tf-records.ts';

it('names ops without translation all at once, with the calls and bodies around one of each', () => {
  const inner = functionOf('inner', ['v'], { y: 'odd:y:0' }, node('odd', 'Odd', ['v']));
  const turn = functionOf(
    'turn',
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
    node('loop', 'While', ['first:y:0'], { cond: func('more'), body: func('turn') }),
  );
  const signatures = { serving_default: signatureOf({ x: 'x' }, { y: 'top' }) };
  const shape = placeholder('x', 'DT_FLOAT', [1]);
  const model = modelOf([shape, call('top', 'outer', 'x')], { functions: [inner, turn, more, outer], signatures });
  expect(() => translate(prepareModel(model))).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: `ops without a translator: Odd (1, such as 'turn/call/odd'), Strange (2, such as 'top/first')`,
    }) as unknown,
  );
});
