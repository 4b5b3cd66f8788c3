import { describe, expect, it } from 'vitest';
import { entryBytes, nodeBytes, proto, type ProtoField } from '../../../test/support/proto-bytes.ts';
import { floatBytes, floatEntry, header, indexBytes } from '../../../test/saved-model/bundle-bytes.ts';
import { memorySource } from '../../source/memory-source.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import type { TfModel } from '../model.ts';
import { readModel } from './read-model.ts';

const type = (number: number): Uint8Array => proto([6, number]);
const text = (value: string): Uint8Array => proto([2, value]);

const graph = (y: string): Uint8Array =>
  proto(
    [1, nodeBytes('x', 'Placeholder', [], { dtype: type(1) })],
    [1, nodeBytes('v', 'VarHandleOp', [], { dtype: type(1), shared_name: text('w') })],
    [1, nodeBytes(y, 'ReadVariableOp', ['v'], { dtype: type(1) })],
  );

const signature = (key: string, tensor: string): ProtoField => [
  5,
  entryBytes(key, proto([2, entryBytes('out', proto([1, tensor]))])),
];

const metaGraph = (tags: readonly string[], ...fields: readonly ProtoField[]): ProtoField => [
  2,
  proto([1, proto(...tags.map((tag): ProtoField => [4, tag]))], [2, graph(`y_${tags.join('_')}`)], ...fields),
];

const savedModel = (...metas: readonly ProtoField[]): Uint8Array => proto([1, 1], ...metas);

const VARIABLES = [
  ['variables/variables.index', indexBytes([header(1), ['w', floatEntry([7, 8])]])],
  ['variables/variables.data-00000-of-00001', floatBytes([7, 8])],
] as const;

const read = (bytes: Uint8Array, beside: readonly (readonly [string, Uint8Array])[] = VARIABLES): Promise<TfModel> =>
  readModel(memorySource('/models/net', [['saved_model.pb', bytes], ...beside]));

const yOf = (model: TfModel): string => [...model.graph.keys()].at(-1)!;

describe('a SavedModel', () => {
  it('is read with its variables', async () => {
    const model = await read(savedModel(metaGraph(['serve'], signature('serving_default', 'y_serve:0'))));
    expect(model).toMatchObject({ name: 'net', format: 'saved-model' });
    expect([...model.signatures.keys()]).toEqual(['serving_default']);
    expect([...numbersOf(model.variables!.get('v')!.data())]).toEqual([7, 8]);
  });

  it('is read as text, if there is no binary file', async () => {
    const text = `
      # written by text_format
      saved_model_schema_version: 1
      meta_graphs {
        meta_info_def { tags: "serve" }
        graph_def { node { name: "v" op: "VariableV2" attr { key: "dtype" value { type: DT_FLOAT } } } node { name: "y" op: "Relu" input: "v" } }
        signature_def { key: "main" value { outputs { key: "out" value { name: "y:0" dtype: DT_FLOAT } } } }
        object_graph_def { nodes { user_object { identifier: "_generic_user_object" } } }
      }`;
    const file = ['saved_model.pbtxt', new TextEncoder().encode(text)] as const;
    const model = await readModel(memorySource('/models/net', [file, ...VARIABLES]));
    expect(model).toMatchObject({ name: 'net', format: 'saved-model' });
    expect([...model.graph.keys()]).toEqual(['v', 'y']);
    expect([...model.signatures.keys()]).toEqual(['main']);
    const binary = [
      'saved_model.pb',
      savedModel(metaGraph(['serve'], signature('serving_default', 'y_serve'))),
    ] as const;
    expect([...(await readModel(memorySource('net', [binary, file, ...VARIABLES]))).signatures.keys()]).toEqual([
      'serving_default',
    ]);
  });

  it('needs no variables', async () => {
    const model = await read(savedModel(metaGraph(['serve'], signature('serving_default', 'x:0'))), []);
    expect(model.variables).toBeUndefined();
  });

  it('selects the graph tagged serve without accelerator tags', async () => {
    const several = savedModel(metaGraph(['train']), metaGraph(['serve', 'tpu']), metaGraph(['serve']));
    expect(yOf(await read(several))).toBe('y_serve');
    expect(yOf(await read(savedModel(metaGraph(['train']))))).toBe('y_train');
    expect(yOf(await read(savedModel(metaGraph(['train']), metaGraph([]))))).toBe('y_');
    await expect(read(savedModel(metaGraph(['train']), metaGraph(['eval', 'gpu'])))).rejects.toMatchObject({
      code: 'unsupported',
      message: 'the SavedModel holds 2 graphs, none of them tagged serve: train, eval+gpu',
    });
  });

  it('ignores internal signatures', async () => {
    const own = signature('__saved_model_init_op', 'init');
    const objects: ProtoField = [7, new Uint8Array(0)];
    expect((await read(savedModel(metaGraph(['serve'], own)))).signatures.size).toBe(0);
    await expect(read(savedModel(metaGraph(['serve'], own, objects)))).rejects.toMatchObject({
      code: 'unsupported',
      message: 'the SavedModel has no signature, so its inputs and outputs are unknown',
      where: ['reading saved_model.pb'],
    });
  });

  it('is rejected if a file is missing or corrupt', async () => {
    const bytes = savedModel(metaGraph(['serve'], signature('serving_default', 'y_serve')));
    await expect(read(bytes, VARIABLES.slice(0, 1))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('variables.data-00000-of-00001') as string,
    });
    const damaged = [[VARIABLES[0][0], VARIABLES[0][1].with(5, 0)], VARIABLES[1]] as const;
    await expect(read(bytes, damaged)).rejects.toMatchObject({
      code: 'malformed',
      where: ['reading saved_model.pb', 'reading variables/variables.index'],
    });
  });

  it('reads the vocabulary files of its tables, and no others', async () => {
    const table = proto([1, nodeBytes('t', 'HashTableV2')]);
    const asset: ProtoField = [6, proto([1, proto([1, 'path:0'])], [2, 'ids.txt'])];
    const gone: ProtoField = [6, proto([1, proto([1, 'gone:0'])], [2, 'gone.txt'])];
    const ids = ['assets/ids.txt', Uint8Array.of(1)] as const;
    const files = [
      ids,
      ['assets/deep/words.txt', Uint8Array.of(2)],
      ['assets/large', new Uint8Array(2 ** 22 + 1)],
    ] as const;
    const meta = (nodes: Uint8Array): Uint8Array =>
      savedModel([2, proto([1, proto([4, 'serve'])], [2, nodes], asset, gone)]);
    expect([...(await read(meta(table), files)).assets!.keys()]).toEqual(['deep/words.txt', 'ids.txt', 'path']);
    expect((await read(meta(graph('y')), files)).assets!.size).toBe(0);
    const source = memorySource('m', [['saved_model.pb', meta(table)], ids]);
    const alone = { ...source, list: () => Promise.resolve(['saved_model.pb']) };
    expect([...(await readModel(alone)).assets!.keys()]).toEqual(['ids.txt', 'path']);
  });
});
