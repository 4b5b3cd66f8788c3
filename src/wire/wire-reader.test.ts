import { BinaryWriter, WireType as Wire } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireReader, WireType } from './wire-reader.ts';

const written = (write: (writer: BinaryWriter) => BinaryWriter): WireReader =>
  new WireReader(write(new BinaryWriter()).finish());

describe('WireReader', () => {
  it('reads what a writer of protobuf writes', () => {
    const given = fc.record({
      int32: fc.integer(),
      uint32: fc.nat({ max: 2 ** 32 - 1 }),
      int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      bool: fc.boolean(),
      fixed32: fc.nat({ max: 2 ** 32 - 1 }),
      float: fc.float(),
      double: fc.double(),
      bytes: fc.uint8Array({ maxLength: 200 }),
      string: fc.string({ unit: 'grapheme', maxLength: 100 }),
    });
    fc.assert(
      fc.property(given, value => {
        const reader = written(to =>
          to
            .int32(value.int32)
            .uint32(value.uint32)
            .int64(value.int64)
            .int64(value.int64)
            .uint64(value.uint64)
            .bool(value.bool)
            .fixed32(value.fixed32)
            .float(value.float)
            .double(value.double)
            .bytes(value.bytes)
            .string(value.string),
        );
        expect(reader.int32()).toBe(value.int32);
        expect(reader.uint32()).toBe(value.uint32);
        expect(reader.bigint()).toBe(value.int64);
        expect(reader.int64()).toBe(Number(value.int64));
        expect(reader.uint64()).toBe(Number(value.uint64));
        expect(reader.bool()).toBe(value.bool);
        expect(reader.fixed32()).toBe(value.fixed32);
        expect(reader.float()).toBe(value.float);
        expect(reader.double()).toBe(value.double);
        expect([...reader.bytes()]).toEqual([...value.bytes]);
        expect(reader.string()).toBe(value.string);
        expect(reader.pos).toBe(reader.len);
      }),
    );
  });

  it('skips fields of any type', () => {
    const reader = written(to => {
      to.tag(1, Wire.Varint).int32(-1).tag(2, Wire.Bit64).double(1).tag(3, Wire.LengthDelimited).string('text');
      to.tag(4, Wire.StartGroup).tag(5, Wire.StartGroup).tag(6, Wire.Varint).bool(true);
      return to.tag(5, Wire.EndGroup).tag(4, Wire.EndGroup).tag(7, Wire.Bit32).float(1).tag(8, Wire.Varint).int32(9);
    });
    for (let [number, wireType] = reader.tag(); number !== 8; [number, wireType] = reader.tag()) {
      reader.skip(wireType, number);
    }
    expect(reader.int32()).toBe(9);
  });

  it('says what is not valid', () => {
    const over = (...bytes: readonly number[]): WireReader => new WireReader(Uint8Array.from(bytes));
    expect(() => over().uint32()).toThrow('the bytes end too early');
    expect(() => over(0x80).uint32()).toThrow('the bytes end too early');
    expect(() => over(3, 65, 66).bytes()).toThrow('the bytes end too early');
    expect(() => over(1, 2, 3).float()).toThrow('the bytes end too early');
    expect(() => over(...new Array<number>(11).fill(0xff)).int64()).toThrow('a number has more than 10 bytes');
    expect(() => over(0).tag()).toThrow('a tag is not valid');
    expect(() => over(0x0e).tag()).toThrow('a tag is not valid');
    expect(() => over(0x88, 0x80, 0x80, 0x80, 0x10).tag()).toThrow('a tag is not valid');
    expect(() => over(0x24).skip(WireType.StartGroup, 3)).toThrow('the end of group 4 is in group 3');
    expect(() => over().skip(WireType.EndGroup, 3)).toThrow('a group ends that has not begun');
    expect(() => over(...new Array<number>(200).fill(0x1b)).skip(WireType.StartGroup, 3)).toThrow('groups nest deeper');
    expect(() => over(2, 0xc3, 0x28).string()).toThrow(TypeError);
  });
});
