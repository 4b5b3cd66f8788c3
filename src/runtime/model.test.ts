import { describe, expect, it } from 'vitest';
import { core } from '../../test/support/openvino.ts';
import { type Layer, parameter, result, tinyIr } from '../../test/support/tiny-ir.ts';
import type { Model } from './model.ts';
import { PartialShape } from './partial-shape.ts';

const read = (...layers: readonly Layer[]): Model => core.readModelSync({ xml: tinyIr(layers), bin: new Uint8Array() });

const relu = (input: string, names = ''): Layer => ({ name: 'relu', type: 'ReLU', inputs: [input], outputs: [names] });

describe('Model', () => {
  it('prints its ports as OpenVINO does', () => {
    const model = read(
      parameter('input_tensor', 'u8', '1,?,?,3'),
      parameter('limits', 'f32', '1..640,..5,3..'),
      parameter('scalar', 'boolean', ''),
      parameter('any', 'bf16', '...'),
      ...['input_tensor', 'limits', 'scalar', 'any'].map(result),
    );
    expect(model.inputs.map(String)).toEqual([
      'names[input_tensor] shape[1,?,?,3] type: u8',
      'names[limits] shape[1..640,..5,3..] type: f32',
      'names[scalar] shape[] type: boolean',
      'names[any] shape[...] type: bf16',
    ]);
    expect(model.outputs.map(String)).toEqual(model.inputs.map(String));
  });

  it('returns its ports as data', () => {
    const model = read(parameter('x', 'f32', '1,?,5..6'), relu('x'), result('relu'));
    const input = model.input();
    expect(input).toMatchObject({
      index: 0,
      names: ['x'],
      anyName: 'x',
      elementType: 'f32',
      shape: [1, undefined, undefined],
    });
    expect(input.getPartialShape().dimensions).toEqual([1, undefined, [5, 6]]);
    expect(model.output()).toMatchObject({ names: [], anyName: '0' });
    expect(String(model.output())).toBe('names[] shape[1,?,5..6] type: f32');
  });

  it('finds ports by index and any of their names', () => {
    const model = read(parameter('x', 'f32', '1', 'c,a,b'), parameter('y', 'f32', '2'), result('x'), result('y'));
    expect(['a', 'b', 'c', 0].map(key => model.input(key).index)).toEqual([0, 0, 0, 0]);
    expect(model.input('y')).toBe(model.inputs[1]);
    expect(model.output('b')).toBe(model.outputs[0]);
    expect(() => model.input('z')).toThrow(
      expect.objectContaining({
        code: 'not-found',
        message: "the model has no input 'z'",
        remedy: "Its inputs are 'a', 'y'.",
      }),
    );
    expect(() => model.output(2)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('can be reshaped', () => {
    const model = read(parameter('x', 'f32', '1,?'), relu('x', 'y'), result('relu'));
    expect(model.isDynamic()).toBe(true);
    model.reshape([2, 3]);
    expect(model.isDynamic()).toBe(false);
    expect(String(model.output())).toBe('names[y] shape[2,3] type: f32');
    model.reshape({ x: [-1, [2, 4]] });
    expect(String(model.output())).toBe('names[y] shape[?,2..4] type: f32');
    model.reshape(new PartialShape([7, undefined]));
    expect(String(model.input())).toBe('names[x] shape[7,?] type: f32');
  });

  it('reshapes several inputs at once', () => {
    const add: Layer = { name: 'add', type: 'Add', inputs: ['x', 'y'], outputs: ['sum'] };
    const model = read(parameter('x', 'f32', '1,4'), parameter('y', 'f32', '1,4'), add, result('add'));
    model.reshape({ y: [2, 1, 5], x: [2, 3, 5] });
    expect(model.inputs.map(String)).toEqual(['names[x] shape[2,3,5] type: f32', 'names[y] shape[2,1,5] type: f32']);
    expect(String(model.output())).toBe('names[sum] shape[2,3,5] type: f32');
    expect(() => model.reshape([1, 4])).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    expect(() => model.reshape({ z: [1, 4] })).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => model.reshape({ x: [2, 3], y: [2, 4] })).toThrow(expect.objectContaining({ code: 'runtime-failed' }));
    expect(String(model.output())).toBe('names[sum] shape[2,3,5] type: f32');
    expect(() => model.reshape({ x: new PartialShape(undefined) })).toThrow(/dynamic rank/);
  });
});
