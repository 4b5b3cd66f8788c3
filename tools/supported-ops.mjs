// docs/supported-ops.md, printed from the table of translators: npm run docs:ops [-- --check]
import { readFileSync, writeFileSync } from 'node:fs';
import { REFUSALS } from '../dist/translate/ops/refused.js';
import { TRANSLATORS } from '../dist/translate/table.js';

const PAGE = new URL('../docs/supported-ops.md', import.meta.url);

/** The ops that OpenVINO 2026.4.1's own TensorFlow frontend is known to convert: it was given a graph of each. */
const OFFICIAL = readFileSync(new URL('openvino-frontend-ops.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** What is gone before anything is translated, by what makes it go. */
const CLOSED = {
  'Functions are inlined': ['PartitionedCall', 'StatefulPartitionedCall'],
  'Frames and switches become loops and branches': ['Enter', 'Exit', 'LoopCond', 'Merge', 'NextIteration', 'Switch'],
  'Variables become constants': [
    'ReadVariableOp',
    'ResourceGather',
    'ResourceGatherNd',
    'VarHandleOp',
    'Variable',
    'VariableShape',
    'VariableV2',
  ],
  'Tables become constants': [
    'HashTable',
    'HashTableV2',
    'InitializeTable',
    'InitializeTableFromTextFile',
    'InitializeTableFromTextFileV2',
    'InitializeTableV2',
    'LookupTableImport',
    'LookupTableImportV2',
  ],
  'No output needs them': [
    'Assert',
    'IsVariableInitialized',
    'MergeV2Checkpoints',
    'NoOp',
    'RestoreV2',
    'SaveV2',
    'ShardedFilename',
    'TensorArrayCloseV3',
    'VarIsInitializedOp',
    'WriteFile',
  ],
};

const sorted = names => [...names].sort((a, b) => (a < b ? -1 : 1));
const listed = names =>
  sorted(names)
    .map(name => `\`${name}\``)
    .join(', ');

const official = new Set(OFFICIAL);
const refused = new Set(REFUSALS.flatMap(({ ops }) => ops));
const closed = new Set(Object.values(CLOSED).flat());
const translated = Object.keys(TRANSLATORS).filter(name => !refused.has(name));
const has = new Set([...translated, ...closed]);
const lacking = OFFICIAL.filter(name => !has.has(name));
const starred = name => `\`${name}\`${official.has(name) ? '' : '*'}`;
const unnamed = lacking.filter(name => !refused.has(name));

const page = `# Supported ops

This page is printed by \`npm run docs:ops\`. How to add an op: [adding-an-op.md](adding-an-op.md).

decant takes ${has.size} of TensorFlow's ops: ${translated.length} are translated, ${closed.size} are gone before. OpenVINO 2026.4.1's own
TensorFlow frontend takes ${OFFICIAL.length}, and ${OFFICIAL.length - lacking.length} of them decant takes, too.

## Translated

Each is compared with TensorFlow's answers by a test. OpenVINO's own frontend does not have those with a star.

${sorted(translated).map(starred).join(', ')}

## Gone before translation

| What happens | Ops |
| --- | --- |
${Object.entries(CLOSED)
  .map(([what, names]) => `| ${what} | ${listed(names)} |`)
  .join('\n')}

## Refused

A model that needs one of these for its outputs is not converted, and the error says why.

| An op that ... | Ops |
| --- | --- |
${REFUSALS.map(({ why, ops }) => `| ${why} | ${listed(ops)} |`).join('\n')}

## What OpenVINO's frontend has and decant lacks

Of the refused ones: ${listed(lacking.filter(name => refused.has(name)))}.

${unnamed.length === 0 ? 'There are no others.' : `Others: ${listed(unnamed)}.`}
`;

if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/supported-ops.md is out of date: npm run docs:ops');
  process.exitCode = 1;
}
