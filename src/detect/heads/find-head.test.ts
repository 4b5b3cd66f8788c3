import { describe, expect, it } from 'vitest';
import { findHead, matchHead } from './find-head.ts';
import { HEAD_FAMILIES } from './heads.ts';
import type { Port, Ports } from './port.ts';

const image: Port = { names: ['images'], type: 'f32', shape: [1, 512, 512, 3] };
const rows: Port = { names: ['rows'], type: 'f32', shape: [1, 100, 6] };
const named = (name: string): Port => ({ names: [name], type: 'f32', shape: [1, 100] });

describe('findHead', () => {
  it('returns the convention that matches, by names before shapes', () => {
    expect(findHead({ inputs: [image], outputs: [rows], selection: 'peaks' }).name).toBe('centernet-boxes');
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
        remedy: expect.stringContaining('--head FILE.json') as string,
      }),
    );
    expect(matchHead(ports)).toBeUndefined();
  });

  it.each<[string, Ports, string]>([
    [
      'with another input',
      { inputs: [{ ...image, shape: [1, 512, 512, 1] }], outputs: [{ ...rows, shape: [1, 1, 100, 7] }] },
      'Its outputs could be those of ssd7 (but the inputs are not one RGB image, but images f32[1,512,512,1]). ',
    ],
    [
      'whose graph contradicts',
      {
        inputs: [{ ...image, type: 'u8' }],
        outputs: [{ ...rows, shape: [1, 100, 7], directions: { 2: '-xyxy--' } }],
      },
      "Its outputs could be those of efficientdet (but the boxes of 'rows' are a position along x,",
    ],
  ])('names heads that nearly match: %s', (_, ports, hint) => {
    expect(() => findHead(ports)).toThrow(expect.objectContaining({ remedy: expect.stringContaining(hint) as string }));
  });

  it('names all that match equally well', () => {
    const boxes: Port = { names: ['Identity'], type: 'f32', shape: [1, 100, 4] };
    const columns = ['Identity_1', 'Identity_2'].map(named);
    const outputs = [boxes, ...columns, { ...rows, names: ['Identity_3'] }];
    const ports: Ports = { inputs: [image], outputs, selection: 'peaks' };
    expect(() => findHead(ports)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: expect.stringMatching(/^the model could be tf2-detection \(.*\) or centernet-boxes \(.*\)$/) as string,
        remedy: 'Choose one: --head tf2-detection or --head centernet-boxes.',
      }),
    );
    expect(matchHead(ports)).toBeUndefined();
    expect(findHead(ports, 'centernet-boxes').name).toBe('centernet-boxes');
    expect(findHead(ports, 'tf2-detection').name).toBe('tf2-detection');
  });

  it('takes numbered outputs without a number of detections for those of the API only if classes are f32', () => {
    const boxes: Port = { names: ['filtered_detections'], type: 'f32', shape: [1, 300, 4] };
    const scores: Port = { names: ['filtered_detections_1'], type: 'f32', shape: [1, 300] };
    const classes: Port = { names: ['filtered_detections_2'], type: 'f32', shape: [1, 300] };
    const ports: Ports = { inputs: [image], outputs: [boxes, scores, classes], indices: classes.names };
    expect(findHead(ports).name).toBe('tf2-detection');
    const whole = { ...ports, outputs: [boxes, scores, { ...classes, type: 'i32' }] } as const;
    expect(() => findHead(whole)).toThrow('unrecognized detector');
    expect(() => findHead(whole, 'tf2-detection')).toThrow('there is no number of detections, and classes are i32');
  });

  it('says why a chosen head does not fit', () => {
    const ports: Ports = { inputs: [image], outputs: [rows] };
    expect(() => findHead(ports, 'ssd7')).toThrow(
      'the head ssd7 does not fit the model: the output is not [1,1,N,7], but rows f32[1,100,6]',
    );
    expect(() => findHead(ports, 'tf2-detection')).toThrow("there is no output 'detection_boxes', 'detection_scores'");
    expect(matchHead(ports, 'ssd7')).toBeUndefined();
  });

  it('lists the heads for an unknown name', () => {
    expect(() => findHead({ inputs: [image], outputs: [rows] }, 'centernet')).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        remedy: expect.stringContaining(HEAD_FAMILIES.join(', ')) as string,
      }),
    );
  });
});
