import { type List, partsOf, type Path, replaceAt, type Tree } from './tree.ts';

/**
 * Removes and simplifies parts of an input for as long as it still shows the same problem.
 *
 * @param probes how many smaller inputs to try
 */
export async function minimize(tree: Tree, shows: (tree: Tree) => Promise<boolean>, probes: number): Promise<Tree> {
  let smallest = tree;
  let left = probes;
  const accept = async (candidate: Tree): Promise<boolean> => {
    if (left-- <= 0 || !(await shows(candidate))) return false;
    smallest = candidate;
    return true;
  };
  for (let before; before !== smallest && left > 0;) {
    before = smallest;
    for (let at = 0; at < partsOf(smallest).length && left > 0; at++) {
      const [path, part] = partsOf(smallest)[at]!;
      if (part.kind === 'list') await shorten(path, part.items.length);
      else for (const simpler of simplified(part)) if (await accept(replaceAt(smallest, path, [simpler]))) break;
    }
  }
  return smallest;

  /** Removes runs of items: all, halves, quarters, down to single ones. */
  async function shorten(path: Path, count: number): Promise<void> {
    for (let size = count; size >= 1 && left > 0; size = Math.floor(size / 2)) {
      for (let from = 0; left > 0;) {
        const whole = find(path);
        if (from >= whole.items.length) break;
        const fewer = { ...whole, items: whole.items.toSpliced(from, size) };
        if (!(await accept(replaceAt(smallest, path, [fewer])))) from += size;
      }
    }
  }

  function find(path: Path): List {
    let part = smallest;
    for (const at of path) if (part.kind === 'list') part = part.items[at]!;
    return part as List;
  }
}

/** Simpler leaves, the simplest first. */
function simplified(part: Tree): readonly Tree[] {
  switch (part.kind) {
    case 'text':
      return halves(part.value.length).map(([from, to]) => ({ ...part, value: part.value.slice(from, to) }));
    case 'bytes':
      return halves(part.value.length).map(([from, to]) => ({ ...part, value: part.value.subarray(from, to) }));
    default:
      return [];
  }
}

const halves = (length: number): readonly (readonly [from: number, to: number])[] => {
  if (length === 0) return [];
  const middle = length >> 1;
  return length === 1
    ? [[0, 0]]
    : [
        [0, 0],
        [0, middle],
        [middle, length],
      ];
};
