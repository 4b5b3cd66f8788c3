import { corrupt, mutate } from './mutate.ts';
import { Random } from './random.ts';
import { file, input, printFiles, RAW, type Seed, type Target } from './target.ts';
import { bytes, type Tree } from './tree.ts';

/** Probability that bytes change after the format's lengths and checksums were computed. */
const CORRUPTION = 0.06;

/** Makes the inputs of a target, which depend only on the seed and the index. */
export class Inputs {
  readonly #target: Target;
  readonly #seed: number;
  #seeds: readonly Seed[] | undefined;
  readonly #trees = new Map<Seed, Tree>();

  constructor(target: Target, seed: number) {
    this.#target = target;
    this.#seed = seed;
  }

  async at(index: number): Promise<Tree> {
    const random = new Random(`${this.#target.name} ${this.#seed} ${index}`);
    const mutated = mutate(await this.#pick(random), await this.#pick(random), random);
    return random.chance(CORRUPTION) ? this.#corrupted(mutated, random) : mutated;
  }

  async #pick(random: Random): Promise<Tree> {
    this.#seeds ??= await this.#target.seeds();
    const seed = random.pick(this.#seeds);
    const tree = this.#trees.get(seed) ?? (await seed());
    this.#trees.set(seed, tree);
    return tree;
  }

  #corrupted(tree: Tree, random: Random): Tree {
    const files = [...printFiles(this.#target, tree)];
    const chosen = random.below(files.length);
    return input(
      ...files.map(([path, data], i) => file(path, bytes(path, RAW, i === chosen ? corrupt(data, random) : data))),
    );
  }
}
