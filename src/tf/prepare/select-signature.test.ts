import { describe, expect, it } from 'vitest';
import { modelOf, node, placeholder, signatureOf } from '../../../test/support/tf-records.ts';
import type { Signature, TensorInfo } from '../model.ts';
import { selectSignature } from './select-signature.ts';

const GRAPH = [placeholder('p'), placeholder('q', 'DT_UINT8', [1, -1]), node('y', 'Split', ['p', 'q'])];
const SERVE = signatureOf({ b: 'p:0', a: 'q:0' }, { z: 'y:0', Y: 'y:1', same: 'y:0' });

const choose = (signatures: Readonly<Record<string, Signature>>, key?: string) =>
  selectSignature(modelOf(GRAPH, { signatures }), key === undefined ? {} : { signature: key });

describe('a signature', () => {
  it('has inputs and outputs sorted by name, also several for one tensor', () => {
    const { inputs, outputs } = choose({ other: signatureOf({}, { y: 'y' }), serving_default: SERVE });
    expect(inputs).toEqual([
      { name: 'a', node: 'q', dtype: 'DT_UINT8', shape: [1, -1] },
      { name: 'b', node: 'p', dtype: 'DT_FLOAT', shape: undefined },
    ]);
    expect(outputs).toEqual([
      { name: 'Y', tensor: 'y:1' },
      { name: 'same', tensor: 'y:0' },
      { name: 'z', tensor: 'y:0' },
    ]);
  });

  it('is the requested one, the default, or the only one', () => {
    expect(choose({ x: SERVE, y: signatureOf({}, { y: 'y' }) }, 'y').outputs).toEqual([{ name: 'y', tensor: 'y' }]);
    expect(choose({ x: SERVE }).inputs.length).toBe(2);
    expect(() => choose({ x: SERVE, y: SERVE }, 'z')).toThrow(
      expect.objectContaining({ code: 'not-found', remedy: 'Choose one of: x, y.' }) as unknown,
    );
    expect(() => choose({ x: SERVE, y: SERVE })).toThrow(
      expect.objectContaining({ code: 'invalid-argument', remedy: 'Choose one with --signature: x, y.' }) as unknown,
    );
    expect(() => choose({}, 'x')).toThrow(`the model has no signature 'x': it has no signatures`);
  });

  it('takes types from the graph and shapes from the signature', () => {
    const inputs = new Map<string, TensorInfo>([
      ['q', { tensor: 'q:0', dtype: 'DT_FLOAT', shape: [1, 7] }],
      ['y', { tensor: 'y', dtype: 'DT_HALF', shape: undefined }],
    ]);
    expect(choose({ x: { ...SERVE, inputs } }).inputs).toEqual([
      { name: 'q', node: 'q', dtype: 'DT_UINT8', shape: [1, 7] },
      { name: 'y', node: 'y', dtype: 'DT_HALF', shape: undefined },
    ]);
  });

  it('leaves out strings, unless they are chosen or the only outputs', () => {
    const text: TensorInfo = { tensor: 'y:1', dtype: 'DT_STRING', shape: [-1] };
    const both: Signature = { ...SERVE, outputs: new Map([...signatureOf({}, { z: 'y:0' }).outputs, ['names', text]]) };
    const { outputs, notes } = choose({ x: both });
    expect(outputs).toEqual([{ name: 'z', tensor: 'y:0' }]);
    expect(notes).toEqual(["Left out 'names': OpenVINO devices do not compute strings."]);
    const model = modelOf(GRAPH, { signatures: { x: both } });
    expect(selectSignature(model, { outputs: ['names'] })).toMatchObject({ outputs: { length: 2 }, notes: [] });
    expect(choose({ x: { ...SERVE, outputs: new Map([['names', text]]) } })).toMatchObject({
      outputs: [{ name: 'names', tensor: 'y:1' }],
      notes: [],
    });
  });

  it('must refer to tensors of the graph', () => {
    const refusal = (inputs: Record<string, string>, outputs: Record<string, string>): unknown => {
      try {
        return choose({ x: signatureOf(inputs, outputs) });
      } catch (thrown) {
        return thrown;
      }
    };
    expect(refusal({ a: 'gone:0' }, { y: 'y' })).toMatchObject({
      code: 'malformed',
      message: `signature input 'a' is 'gone:0', which is not in the graph`,
    });
    expect(refusal({}, { y: 'gone' })).toMatchObject({ code: 'malformed' });
    expect(refusal({}, { y: '' })).toMatchObject({
      code: 'unsupported',
      message: `signature output 'y' is not a dense tensor`,
    });
    expect(refusal({ a: 'y:1' }, { y: 'y' })).toMatchObject({ code: 'unsupported' });
    expect(refusal({ a: 'p' }, {})).toMatchObject({ code: 'unsupported', message: 'the signature has no outputs' });
    expect(refusal({ a: 'y' }, { y: 'y' })).toMatchObject({ code: 'malformed' });
  });
});
