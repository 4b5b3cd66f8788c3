import { describe, expect, it } from 'vitest';
import { checkVersion } from './supported-version.ts';

describe('checkVersion', () => {
  it.each([
    '2024.0.0-14509-34caeefd078-releases/2024/0',
    '2026.4.1-22982-e213a147257-releases/2026/4',
    '2030.12.0',
    'custom_main_0123abc',
  ])('takes %s', build => {
    expect(() => checkVersion(build, '/opt/libopenvino_c.so')).not.toThrow();
  });

  it.each(['2023.3.0-13775-ceeafaf64f3-releases/2023/3', '2022.1.0-7019-cdb9bec7210'])('rejects %s', build => {
    expect(() => checkVersion(build, '/opt/libopenvino_c.so')).toThrow(
      expect.objectContaining({
        code: 'runtime-failed',
        message: `OpenVINO ${build.slice(0, 8)} at /opt/libopenvino_c.so is too old: decant needs 2024.0 or newer`,
        remedy: expect.stringContaining('decant setup') as string,
      }),
    );
  });
});
