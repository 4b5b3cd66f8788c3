import { describe, expect, it } from 'vitest';
import { explain, runtimeError } from './runtime-error.ts';

describe('explain', () => {
  it('keeps the explanation', () => {
    const text = `Exception from src/inference/src/cpp/core.cpp:84:
Check 'util::directory_exists(path) || util::file_exists(path)' failed at src/frontends/common/src/frontend.cpp:117:
FrontEnd API failed with GeneralFailure:
ir: Could not open the file: "/no/such.xml"

`;
    expect(explain(text)).toBe('ir: Could not open the file: "/no/such.xml"');
  });

  it('drops source locations and tags inside lines', () => {
    expect(explain('Exception from src/a.cpp:505:\nNotFound: Unsupported property NOPE by CPU plugin.\n\n\n')).toBe(
      'Unsupported property NOPE by CPU plugin.',
    );
    expect(explain('[ GENERAL_ERROR ] src/plugins/x.cpp:12: The device is lost')).toBe('The device is lost');
  });

  it('keeps a failed check if there is nothing else', () => {
    const text = "Check 'shape.is_static()' failed at src/core/src/model.cpp:7:\n";
    expect(explain(text)).toContain("Check 'shape.is_static()' failed");
  });

  it('keeps several sentences, up to a maximum length', () => {
    expect(explain('While validating node x:\nShapes differ.')).toBe('While validating node x: Shapes differ.');
    expect(explain('a'.repeat(1_000_000)).length).toBeLessThan(1000);
    expect(explain('a\n'.repeat(100_000)).length).toBeLessThan(1000);
  });
});

describe('runtimeError', () => {
  it('keeps the full message as its cause', () => {
    const text = 'Exception from src/a.cpp:5:\nNo.';
    expect(runtimeError(-1, text)).toMatchObject({ code: 'runtime-failed', message: 'OpenVINO: No.', cause: text });
  });

  it('recognizes a cancelled inference', () => {
    expect(runtimeError(-13, 'Infer Request was canceled')).toMatchObject({ code: 'cancelled' });
  });
});
