import { describe, expect, it } from 'vitest';
import { formatSteps, parseSteps } from './parse-steps.ts';

describe('parseSteps', () => {
  it.each([
    ['u8', { type: 'u8' }],
    ['U8, NHWC ,Bgr', { type: 'u8', layout: 'NHWC', color: 'BGR' }],
    ['nv12', { color: 'NV12_SINGLE_PLANE' }],
    ['resize=RESIZE_BILINEAR_PILLOW,fit=letterbox', { resize: 'bilinear_pillow', fit: 'fit_to_window_letterbox' }],
    ['resize=inter_nearest', { resize: 'INTER_NEAREST' }],
    ['mean=127.5,scale=1:2.5:-3', { mean: 127.5, scale: [1, 2.5, -3] }],
    ['size=480x640,input=a/b:0', { size: { height: 480, width: 640 }, name: 'a/b:0' }],
    [
      'crop=1:2:3:4,pad=5:6:7:8,pad_value=114',
      {
        crop: { left: 1, top: 2, right: 3, bottom: 4 },
        pad: { left: 5, top: 6, right: 7, bottom: 8 },
        padValue: 114,
      },
    ],
  ])('parses %s, and formatSteps reverses it', (text, steps) => {
    expect(parseSteps(text)).toEqual(steps);
    expect(parseSteps(formatSteps(steps as ReturnType<typeof parseSteps>))).toEqual(steps);
  });

  it.each([
    ...['', 'u8,', 'yuv', 'u7', 'resize=', 'resize=area', 'mean=1:2', 'mean=x', 'scale=', 'size=4', 'size=0x4'],
    ...['crop=1:2:3', 'crop=1:2:3:-4', 'pad=1:2:3:0.5', 'pad_value=1:2', 'fit=crop', 'input=', 'colors=bgr'],
  ])('rejects %j', text => {
    expect(() => parseSteps(text)).toThrow('is not a preprocessing step');
  });

  it('rejects repeated steps', () => {
    expect(() => parseSteps('u8,f32')).toThrow("'f32' sets type a second time");
  });
});
