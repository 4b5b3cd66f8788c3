import { labelLines, labelWords, parseLabelLines, parseLabelWords } from '../../../src/labels/label-list.ts';
import { parseLabels } from '../../../src/labels/parse-labels.ts';
import { textOf } from '../../../src/platform/read-text-file.ts';
import { parseJson, printJson } from '../formats/json.ts';
import { parseLines, printLines } from '../formats/lines.ts';
import { file, input, type Target, utf8 } from '../target.ts';

const LABELS: Readonly<Record<string, string>> = {
  'names.txt': 'background\ncat\ndog\ntraffic light\n',
  'numbered.txt': '1: cat\n2: dog\n17: traffic light\n',
  'tabs.txt': '0\tcat\r\n1\tdog\r\n',
  'table.csv': 'id,name\n1,cat\n2,"traffic light"\n',
  'map.pbtxt': `# classes\nitem {\n  id: 1\n  name: '/m/01'\n  display_name: "caf\\303\\251"\n}\nitem: < id: 2, name: "a" 'b' >\nitem {\n  name: "dog"\n  id: 3\n  keypoints { id: 4 label: "nose" }\n}\n`,
  'list.json': '["cat", "dog", "traffic light"]',
  'ids.json': '{"1": "cat", "2": "dog"}',
  'names.json': '{"cat": 1, "dog": 2}',
};

export const labels: Target = {
  name: 'labels',
  about: 'class names as text, label map, CSV and JSON',
  seeds: () =>
    Promise.resolve(
      Object.entries(LABELS).map(
        ([path, content]) =>
          () =>
            input(file(path, path.endsWith('.json') ? parseJson(content) : parseLines(content))),
      ),
    ),
  print: (path, content) => utf8(path.endsWith('.json') ? printJson(content) : printLines(content)),
  run(files) {
    for (const [name, data] of files) {
      const names = parseLabels(textOf(data, name), name, 1);
      const words = labelWords(names);
      parseLabelWords(words);
      parseLabelLines(labelLines(names), words);
    }
    return Promise.resolve();
  },
};
