import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecantError } from '../errors.ts';
import { type PbtxtMessage, type PbtxtValue, parsePbtxt } from './pbtxt.ts';

const decoder = new TextDecoder();

function plain(value: PbtxtValue): unknown {
  if (value.kind === 'word') return value.text;
  if (value.kind === 'string') return `"${decoder.decode(value.bytes)}"`;
  return Object.fromEntries([...value.fields].map(([name, values]) => [name, values.map(plain)]));
}

const parse = (text: string): unknown => plain(parsePbtxt(text));

const bytesOf = (text: string): readonly number[] => {
  const [value] = parsePbtxt(`s: ${text}`).fields.get('s')!;
  if (value?.kind !== 'string') throw new Error('no string');
  return [...value.bytes];
};

const failure = (text: string): string => {
  try {
    parsePbtxt(text);
  } catch (thrown) {
    if (thrown instanceof DecantError && thrown.code === 'malformed') return thrown.message;
    throw thrown;
  }
  throw new Error(`'${text}' was accepted`);
};

describe('parsePbtxt', () => {
  it('reads nested messages in both kinds of brackets, with and without colons', () => {
    expect(parse('a { b: 1 } c: { d < e: x > } f: <>')).toEqual({
      a: [{ b: ['1'] }],
      c: [{ d: [{ e: ['x'] }] }],
      f: [{}],
    });
  });

  it('collects repeated fields and lists, with either separator', () => {
    expect(parse('i: 1, i: [2, 3]; i: [] m [{ x: 1 }, < x: 2 >]')).toEqual({
      i: ['1', '2', '3'],
      m: [{ x: ['1'] }, { x: ['2'] }],
    });
  });

  it('keeps numbers, enums and special values as written', () => {
    expect(parse('v: [-1, - 2, 0x1F, 017, 1.5e+3f, .5, inf, -inf, nan, DT_FLOAT, true]')).toEqual({
      v: ['-1', '-2', '0x1F', '017', '1.5e+3f', '.5', 'inf', '-inf', 'nan', 'DT_FLOAT', 'true'],
    });
  });

  it('skips comments and keeps extension names in brackets', () => {
    expect(parse('# first\na: 1 # rest { of line\n[pkg.ext] { b: 2 }#')).toEqual({
      a: ['1'],
      '[pkg.ext]': [{ b: ['2'] }],
    });
  });

  it('resolves all C escape sequences', () => {
    expect(bytesOf(String.raw`"\a\b\f\n\r\t\v\\\'\"\?"`)).toEqual([7, 8, 12, 10, 13, 9, 11, 92, 39, 34, 63]);
    expect(bytesOf(String.raw`"\0\18\377\x4\xfFg"`)).toEqual([0, 1, 0x38, 0xff, 4, 0xff, 0x67]);
    expect(bytesOf(String.raw`"\u00e9\U0001F600\ud83d\ude00"`)).toEqual([
      0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0xf0, 0x9f, 0x98, 0x80,
    ]);
  });

  it('joins adjacent strings in either quotes', () => {
    expect(parse(`s: "one " 'two "' # and\n "three"`)).toEqual({ s: ['"one two "three"'] });
  });

  it('reads any bytes from octal escapes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
        const escaped = Array.from(bytes, byte => `\\${byte.toString(8).padStart(3, '0')}`).join('');
        expect(bytesOf(`"${escaped}"`)).toEqual([...bytes]);
      }),
    );
  });

  it('reports the place of an error', () => {
    expect(failure('a: 1\nb {\n  c 5\n}')).toBe(`line 3, column 5: expected ':' or '{' after 'c'`);
    expect(failure('a {')).toContain('line 1, column 4');
    expect(failure('a: "x\ny"')).toContain('unterminated string');
    expect(failure('a: "x')).toContain('unterminated string');
    expect(failure('a: "x\\')).toContain('unterminated string');
    expect(failure(String.raw`a: "\q"`)).toContain(String.raw`\q is not a valid escape sequence`);
    expect(failure(String.raw`a: "\ud83d"`)).toContain('is not a valid escape sequence');
    expect(failure(String.raw`a: "\U00110000"`)).toContain('is not a valid escape sequence');
    expect(failure('a: [1 2]')).toContain(`expected ',' or ']'`);
    expect(failure('a: }')).toContain('expected a value');
    expect(failure('}')).toContain('expected a field name');
    expect(failure('[x: 1')).toContain(`expected ']'`);
    expect(failure('a {'.repeat(1000))).toContain('nest deeper');
  });

  it('records the line of each value', () => {
    const values = (message: PbtxtMessage): readonly number[] =>
      [...message.fields.values()].flat().map(value => value.line);
    expect(values(parsePbtxt('a: 1\n\n b: "x"\nc { d: 1 }'))).toEqual([1, 3, 4]);
  });

  it('parses a long line in linear time', () => {
    const item = 'node { name: "x" } ';
    const start = performance.now();
    expect(parsePbtxt(item.repeat(20_000)).fields.get('node')?.length).toBe(20_000);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('parses any text or throws a DecantError', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'a',
        ':',
        '{',
        '}',
        '<',
        '>',
        '[',
        ']',
        ',',
        ';',
        '"',
        "'",
        '\\',
        '-',
        '#',
        '\n',
        ' ',
        '1',
        '\\u',
        '\\x',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        try {
          expect(parsePbtxt(pieces.join('')).kind).toBe('message');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(DecantError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
