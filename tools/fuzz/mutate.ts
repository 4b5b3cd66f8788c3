import type { Random } from './random.ts';
import { bytes, type Bytes, list, type List, type Numeric, partsOf, replaceAt, type Text, type Tree } from './tree.ts';

const MAX_CHANGES = 5;
/** Letters and parts, enough for quadratic work to take too long. */
const MANY = 250_000;
const DEEP = 400;
/** Share of the changes that keep kinds and labels. */
const GENTLE = 0.55;

const NUMBERS: readonly (number | bigint)[] = [
  ...[0, 1, -1, 2, 3, 7, 64, 127, 128, 255, 256, 65535, 65536, 2 ** 24, 0.5, -0.5, -0, 1e-40, 1e300, NaN, Infinity],
  ...[2n ** 31n - 1n, 2n ** 31n, -(2n ** 31n), 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)],
];

const TEXTS: readonly string[] = [
  ...['', ' ', '\0', '\n', '\r', '\t', '-', '.', ',', ':', ';', '#', '^', '?', '*', '%', '=', '/', '\\', '"', "'", '_'],
  ...['{', '}', '[', ']', '(', ')', '<', '>', '&', '&lt;', ']]>', '<!--', '[]', '{}', 'null', 'true', '..', '../../x'],
  ...['-1', '0', '1', '1e9', '1e999', 'NaN', '0x10', '1,2', '-1,1', '1..2', '9007199254740993', '99999999999999999999'],
  ...['__proto__', 'constructor', 'toString', 'length', 'item', 'id', 'name', 'names:', 'background'],
  ...['\u00e9', '\u202e', '\ud800', '\ufeff', '\u{1f600}', '\u001b[31m', '\\x', '\\u12', '\\777'],
];

/** Returns a tree changed in one to five places. Parts to insert also come from `donor`. */
export function mutate(tree: Tree, donor: Tree, random: Random): Tree {
  let mutated = tree;
  do mutated = changeOnce(mutated, donor, random);
  while (random.chance(0.5) && random.chance(1 - 1 / MAX_CHANGES));
  return mutated;
}

/** Returns changed bytes. */
export const corrupt = (data: Uint8Array, random: Random): Uint8Array => {
  const part = bytes('', '', data);
  return changedBytes(part, part, random).value;
};

function changeOnce(tree: Tree, donor: Tree, random: Random): Tree {
  // The root and the files below it stay; what they hold changes.
  const parts = partsOf(tree).filter(([path]) => path.length > 1);
  if (parts.length === 0) return tree;
  const [path, part] = random.pick(parts);
  const others = partsOf(random.chance(0.5) ? donor : tree).filter(([at]) => at.length > 1);
  const alike = others.filter(([, other]) => other.label === part.label && other !== part);
  if (random.chance(GENTLE))
    return replaceAt(tree, path, gently(part, alike.length === 0 ? part : random.pick(alike)[1], random));
  const other = others.length === 0 ? part : random.pick(random.chance(0.7) && alike.length > 0 ? alike : others)[1];
  return replaceAt(tree, path, random.chance(0.35) ? rearranged(part, other, random) : [changed(part, other, random)]);
}

/** Changes a part to something that its place allows, so that readers get further. */
function gently(part: Tree, alike: Tree, random: Random): readonly Tree[] {
  switch (random.below(part.kind === 'number' ? 20 : 4)) {
    case 0:
      return [];
    case 1:
      return [part, part];
    case 2:
      return [alike];
    case 3:
      return [part, alike];
    default: {
      const { value } = part as Numeric;
      const near = [
        Number(value) + random.pick([-1, 1, 2]),
        Number(value) * random.pick([-1, 0, 2, 100]),
        random.below(4),
      ];
      return [{ ...(part as Numeric), value: random.pick(near) }];
    }
  }
}

/** Replaces a part by any number of parts. */
function rearranged(part: Tree, other: Tree, random: Random): readonly Tree[] {
  switch (random.below(8)) {
    case 0:
    case 1:
      return [];
    case 2:
      return [part, part];
    case 3:
      return [part, other];
    case 4:
      return [{ ...part, label: other.label }];
    case 5:
      return [{ ...part, form: other.form }];
    case 6:
      return random.chance(0.9) ? [other] : repeated(part, random.pick([10, 300, MANY]));
    default:
      return [random.chance(0.7) ? { ...other, label: part.label } : nested(part, random.pick([2, 20, DEEP]))];
  }
}

const repeated = (part: Tree, count: number): readonly Tree[] =>
  Array<Tree>(Math.min(count, Math.ceil(MANY / partsOf(part).length))).fill(part);

function nested(part: Tree, depth: number): Tree {
  let whole = part;
  for (let i = 0; i < depth; i++) {
    whole =
      part.kind === 'list'
        ? { ...part, items: [...part.items.slice(0, 1), whole] }
        : list(part.label, part.form, [whole]);
  }
  return whole;
}

function changed(part: Tree, other: Tree, random: Random): Tree {
  switch (part.kind) {
    case 'list':
      return changedList(part, other, random);
    case 'text':
      return changedText(part, other, random);
    case 'number':
      return changedNumber(part, other, random);
    case 'bytes':
      return changedBytes(part, other, random);
  }
}

function changedList(part: List, other: Tree, random: Random): List {
  const { items } = part;
  const at = random.below(items.length + 1);
  switch (random.below(5)) {
    case 0:
      return { ...part, items: [] };
    case 1:
      return { ...part, items: items.toSpliced(at, 0, other) };
    case 2:
      return { ...part, items: items.slice(0, at) };
    case 3:
      return { ...part, items: items.toReversed() };
    default:
      return { ...part, items: other.kind === 'list' ? other.items : [other] };
  }
}

function changedText(part: Text, other: Tree, random: Random): Text {
  const { value } = part;
  const at = random.below(value.length + 1);
  const put = random.pick(TEXTS);
  switch (random.below(7)) {
    case 0:
      return { ...part, value: put };
    case 1:
      return { ...part, value: value.slice(0, at) + put + value.slice(at) };
    case 2:
      return { ...part, value: value.slice(0, at) + value.slice(at + 1 + random.below(4)) };
    case 3:
      return { ...part, value: String(random.pick(NUMBERS)) };
    case 4:
      return other.kind === 'text' ? { ...part, value: other.value } : { ...part, value: value + value };
    case 5:
      return { ...part, value: value.slice(0, at) + String.fromCharCode(random.below(256)) + value.slice(at + 1) };
    default: {
      const unit = random.chance(0.5) ? put : value || put;
      const count = random.chance(0.9) ? 20 : Math.ceil(MANY / Math.max(unit.length, 1));
      return { ...part, value: unit.repeat(count) + (random.chance(0.5) ? '' : random.pick(TEXTS)) };
    }
  }
}

function changedNumber(part: Numeric, other: Tree, random: Random): Numeric {
  const { value } = part;
  switch (random.below(4)) {
    case 0:
      return { ...part, value: random.pick(NUMBERS) };
    case 1:
      return { ...part, value: Number(value) + random.pick([-2, -1, 1, 2, 100]) };
    case 2:
      return other.kind === 'number' ? { ...part, value: other.value } : { ...part, value: random.below(1 << 16) };
    default:
      return { ...part, value: random.chance(0.5) ? -Number(value) : Number(value) * random.pick([2, 10, 1000]) };
  }
}

function changedBytes(part: Bytes, other: Tree, random: Random): Bytes {
  const { value } = part;
  const at = random.below(value.length + 1);
  switch (random.below(6)) {
    case 0:
      return { ...part, value: value.subarray(0, at) };
    case 1:
      return { ...part, value: value.subarray(at) };
    case 2:
      return { ...part, value: Uint8Array.from([...value.subarray(0, at), random.below(256), ...value.subarray(at)]) };
    case 3:
      return other.kind === 'bytes' ? { ...part, value: other.value } : { ...part, value: new Uint8Array(0) };
    default: {
      const flipped = Uint8Array.from(value);
      for (let i = random.below(4); i >= 0 && value.length > 0; i--)
        flipped[random.below(value.length)] = random.below(256);
      return { ...part, value: flipped };
    }
  }
}
