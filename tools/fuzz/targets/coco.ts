import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { evaluateCoco } from '../../../src/eval/evaluate-coco.ts';
import { parseCocoDataset, parseCocoResults } from '../../../src/eval/parse-coco.ts';
import { parseJson, printJson } from '../formats/json.ts';
import { file, input, type Target, utf8 } from '../target.ts';

const FOLDER = join(import.meta.dirname, '../../../test/fixtures/coco-eval');
const ANNOTATIONS = 'annotations.json';
const RESULTS = 'results.json';

interface Case {
  readonly dataset: unknown;
  readonly results: unknown;
}

export const coco: Target = {
  name: 'coco',
  about: 'COCO annotations and results, compared by boxes and by masks',
  seeds: () =>
    Promise.resolve(
      readdirSync(FOLDER).map(name => () => {
        const stored = JSON.parse(brotliDecompressSync(readFileSync(join(FOLDER, name))).toString()) as Case;
        return input(
          file(ANNOTATIONS, parseJson(JSON.stringify(stored.dataset))),
          file(RESULTS, parseJson(JSON.stringify(stored.results))),
        );
      }),
    ),
  print: (_, content) => utf8(printJson(content)),
  run(files) {
    const textOf = (path: string): string => new TextDecoder().decode(files.get(path));
    const dataset = parseCocoDataset(textOf(ANNOTATIONS), ANNOTATIONS);
    const images = new Set(dataset.images.map(({ id }) => id));
    // Most changes leave results without their image, which is refused before anything is compared.
    const results = parseCocoResults(textOf(RESULTS), RESULTS).filter(({ imageId }) => images.has(imageId));
    evaluateCoco(dataset, results);
    const annotations = dataset.annotations.filter(hasMask);
    evaluateCoco({ ...dataset, annotations }, results.filter(hasMask), { iouType: 'segm' });
    return Promise.resolve();
  },
};

const hasMask = ({ segmentation }: { readonly segmentation?: unknown }): boolean => segmentation !== undefined;
