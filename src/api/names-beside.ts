import type { Labels } from '../labels/labels.ts';
import { hasFile } from '../source/has-file.ts';
import { readText } from '../source/read-text.ts';
import type { Source } from '../source/source.ts';

/** What Ultralytics writes next to an exported model. */
const METADATA = 'metadata.yaml';

/** Reads the class names that lie beside a model. */
export async function namesBeside(source: Source): Promise<Labels | undefined> {
  if (!(await hasFile(source, METADATA))) return undefined;
  const [text, { parseLabels }, { hasYamlNames }] = await Promise.all([
    readText(source, METADATA),
    import('../labels/parse-labels.ts'),
    import('../labels/parse-yaml-names.ts'),
  ]);
  return hasYamlNames(text) ? parseLabels(text, METADATA) : undefined;
}
