import { describe, expect, it } from 'vitest';
import { findHead } from './find-head.ts';
import type { Port, Ports } from './port.ts';

const image: Port = { names: ['images'], type: 'f32', shape: [1, 512, 512, 3] };
const rows: Port = { names: ['rows'], type: 'f32', shape: [1, 100, 6] };
const named = (name: string): Port => ({ names: [name], type: 'f32', shape: [1, 100] });

describe('findHead', () => {
  it('returns the first convention that matches', () => {
    expect(findHead({ inputs: [image], outputs: [rows] }).name).toBe('centernet-boxes');
    const outputs = [rows, ...['detection_boxes', 'detection_scores', 'detection_classes'].map(named)];
    expect(findHead({ inputs: [image], outputs }).name).toBe('tf2-detection');
  });

  it('rejects a batch size greater than 1', () => {
    const outputs = ['detection_boxes', 'detection_scores', 'detection_classes']
      .map(named)
      .map(port => ({ ...port, shape: [4, 100] }));
    const inputs = [{ ...image, shape: [4, 512, 512, 3] }];
    expect(() => findHead({ inputs, outputs })).toThrow('the model has a batch size of 4');
  });

  it('lists the ports of an unrecognized detector', () => {
    const ports: Ports = {
      inputs: [{ names: ['x'], type: 'f32', shape: [1, undefined] }],
      outputs: [{ names: [], type: 'i64', shape: [] }],
    };
    expect(() => findHead(ports)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: expect.stringContaining('x f32[1,?] -> (no name) i64[]') as string,
      }),
    );
  });
});
