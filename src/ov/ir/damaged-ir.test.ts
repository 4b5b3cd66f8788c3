import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../tensor/tensor.ts';
import { Builder } from '../builder.ts';
import { type Graph, topological } from '../graph.ts';
import { If, Loop } from '../ops/control-flow.ts';
import { Add } from '../ops/arithmetic.ts';
import { Split } from '../ops/movement.ts';
import { MaxPool } from '../ops/pooling.ts';
import { Relu } from '../ops/activation.ts';
import { verify } from '../verify.ts';
import { joinBin } from './ir.ts';
import { readIr } from './read-ir.ts';
import { writeIr } from './write-ir.ts';

function richIr(): { readonly xml: string; readonly bin: Uint8Array } {
  const b = new Builder();
  const body = (outputs: number): Graph => {
    const inner = new Builder();
    const p = inner.parameter('p', 'f32', [1, 1, 4, 4]);
    const values = [inner.constant(tensorOf('boolean', [], [1])), inner.add(Add, [p, inner.scalar('f32', 1)])];
    return {
      name: 'b',
      inputs: new Map([['p', p]]),
      outputs: new Map(values.slice(2 - outputs).map((v, i) => [`r${i}`, v])),
    };
  };
  const x = b.parameter('x', 'f32', [1, 1, 4, 4]);
  const condition = b.parameter('c', 'boolean', []);
  const [chosen] = b.addWithBodies(If, [condition, x], { inputs: [[1], [1]] }, [body(1), body(1)]);
  const loop = {
    inputs: [{ kind: 'merged', input: 2, from: 1 }],
    outputs: [{ kind: 'last', from: 1 }],
    condition: 0,
  } as const;
  const [looped] = b.addWithBodies(Loop, [b.scalar('i64', 3), b.scalar('boolean', 1), chosen!], loop, [body(2)]);
  const pool = b.add(MaxPool, [looped!], { kernel: [2, 2], strides: [2, 2], pads_begin: [0, 0], pads_end: [0, 0] });
  const parts = b.addAll(Split, [b.add(Relu, [pool]), b.scalar('i64', 2)], { num_splits: 2 });
  const outputs = new Map(parts.map((value, i) => [`y${i}`, value]));
  const graph = {
    name: 'g',
    inputs: new Map([
      ['x', x],
      ['c', condition],
    ]),
    outputs,
  };
  const { xml, bin } = writeIr(graph, { rtInfo: { decant: { version: '1' } } });
  return { xml, bin: joinBin(bin) };
}

describe('readIr of a damaged IR', () => {
  const { xml, bin } = richIr();

  const readOrReject = (text: string, data = bin): 'read' | 'rejected' => {
    try {
      const { graph } = readIr(text, data);
      topological(graph);
      writeIr(graph);
      return 'read';
    } catch (thrown) {
      expect(thrown).toMatchObject({ name: 'DecantError' });
      expect(thrown, String((thrown as Error).stack)).not.toMatchObject({ code: 'internal' });
      return 'rejected';
    }
  };

  it('reads the IR that the tests damage', () => {
    const { graph } = readIr(xml, bin);
    verify(graph);
    expect(writeIr(graph, { rtInfo: { decant: { version: '1' } } }).xml).toBe(xml);
  });

  it('rejects truncation anywhere', () => {
    for (let end = 0; end < xml.trimEnd().length; end += 37)
      expect(readOrReject(xml.slice(0, end)), `${end}`).toBe('rejected');
    for (let end = 0; end < bin.length; end++) expect(readOrReject(xml, bin.subarray(0, end))).toBe('rejected');
  });

  it('reads or rejects a change of one element, attribute or character', () => {
    const tags = [...xml.matchAll(/<[^>]*>/g)].map(({ index, 0: text }) => ({ index, length: text.length }));
    const attributes = [...xml.matchAll(/="([^"]*)"/g)].map(({ index, 1: text }) => ({
      index: index + 2,
      length: text!.length,
    }));
    const place = fc.oneof(
      fc.constantFrom(...tags),
      fc.constantFrom(...attributes),
      fc.nat(xml.length - 1).map(index => ({ index, length: 1 })),
    );
    const inserted = fc.oneof(
      fc.constantFrom(
        '',
        '-1',
        '0',
        '1',
        '7',
        '1e9',
        '9007199254740993',
        'x',
        ',',
        '-',
        '1,2',
        'Loop',
        'If',
        'Const',
        'opset8',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(place, inserted, ({ index, length }, text) => {
        readOrReject(xml.slice(0, index) + text + xml.slice(index + length));
      }),
      { numRuns: 1500 },
    );
  });

  it('reads or rejects a part that was copied elsewhere', () => {
    const change = fc.tuple(fc.nat(xml.length - 1), fc.nat(xml.length - 1), fc.nat(200));
    fc.assert(
      fc.property(change, ([from, to, length]) => {
        readOrReject(xml.slice(0, to) + xml.slice(from, from + length) + xml.slice(to));
      }),
      { numRuns: 300 },
    );
  });

  it('rejects random characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(readOrReject(text)).toBe('rejected');
        expect(readOrReject(`<net version="11">${text}</net>`)).toMatch(/read|rejected/);
      }),
    );
  });

  it('reads or rejects random weights', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: bin.length, maxLength: bin.length }), bytes => {
        readOrReject(xml, bytes);
      }),
      { numRuns: 300 },
    );
  });
});
