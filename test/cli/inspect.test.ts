import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIVENESS } from '../support/models.ts';
import { decant, expectFailure, filesBelow, jsonOf, temporaryFolder } from '../support/run-cli.ts';

/** Both commands work without OpenVINO. */
const WITHOUT_OPENVINO = { env: { DECANT_OPENVINO: join(import.meta.dirname, 'nowhere') } };

/** Path of the IR of a small model. */
async function convertedModel(): Promise<string> {
  const xml = join(await temporaryFolder(), 'liveness.xml');
  expect((await decant(['convert', LIVENESS, '-o', xml], WITHOUT_OPENVINO)).code).toBe(0);
  return xml;
}

describe('info', () => {
  it('prints the same facts about a model and its IR', async () => {
    const xml = await convertedModel();
    const ofModel = jsonOf(await decant(['info', LIVENESS, '--json'], WITHOUT_OPENVINO)) as object;
    expect(ofModel).toMatchObject({
      model: LIVENESS,
      format: 'tfjs-graph-model',
      signatures: ['serving_default'],
      inputs: [{ names: ['conv2d_1_input'], type: 'f32', shape: [null, 32, 32, 3] }],
      outputs: [{ names: ['activation_6'], type: 'f32', shape: [null, 2] }],
      ops: { Convolution: 4, MatMul: 2, MaxPool: 2, Parameter: 1, SoftMax: 1 },
    });
    const ofIr = jsonOf(await decant(['info', xml, '--json'], WITHOUT_OPENVINO));
    expect(ofIr).toEqual({ ...ofModel, model: xml, format: 'openvino-ir', signatures: [] });
  });

  it('prints ports in the format of OpenVINO', async () => {
    const { code, stdout } = await decant(['info', LIVENESS], WITHOUT_OPENVINO);
    expect(code).toBe(0);
    expect(stdout).toContain('(tfjs-graph-model, signatures serving_default)\n');
    expect(stdout).toContain('inputs: 1\n  names[conv2d_1_input] shape[?,32,32,3] type: f32\n');
    expect(stdout).toContain('outputs: 1\n  names[activation_6] shape[?,2] type: f32\n');
    expect(stdout).toMatch(/^ +4 {2}Convolution$/m);
  });

  it('draws the same architecture for a model and its IR', async () => {
    const xml = await convertedModel();
    const folder = await temporaryFolder();
    const draw = async (model: string, file: string): Promise<string> => {
      const path = join(folder, file);
      const { code, stdout } = await decant(['info', model, '--graph', path], WITHOUT_OPENVINO);
      expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, last: `saved ${path}` });
      return readFile(path, 'utf8');
    };
    const svg = await draw(LIVENESS, 'a.svg');
    expect(svg).toContain('>Backbone</text>');
    expect(svg).toContain('>f32 [?, 2]</text>');
    expect((await draw(xml, 'b.svg')).replaceAll('liveness.xml', 'liveness.json')).toBe(svg);
    expect(await filesBelow(folder)).toEqual(['a.svg', 'b.svg']);
  });

  it('rejects diagrams that it cannot write', async () => {
    const folder = await temporaryFolder();
    const draw = (path: string) => decant(['info', LIVENESS, '--graph', path], WITHOUT_OPENVINO);
    expectFailure(await draw(join(folder, 'graph.png')), 2, "graph.png' does not end in .svg", 'try: ');
    await writeFile(join(folder, 'file'), '');
    expectFailure(await draw(join(folder, 'file', 'graph.svg')), 1, 'cannot write');
    expect(await filesBelow(folder)).toEqual(['file']);
  });
});

describe('dump', () => {
  it.each([
    ['model', 'ReadVariableOp = Const() {dtype: DT_FLOAT'],
    ['functionalize-control-flow', 'PartitionedCall'],
    ['inline-calls', 'conv2d_1_input = Placeholder() {'],
    ['prepared', 'conv2d_1_input = Placeholder() {'],
    ['translated', 'in "conv2d_1_input" = %0: f32['],
    ['simplify:1', 'Transpose@opset1'],
    ['sink-transposes', 'out "activation_6" = %'],
    ['graph', 'out "activation_6" = %'],
    ['ir', '<net name="liveness" version="11">'],
  ])('prints the stage %s', async (stage, text) => {
    const { code, stdout, stderr } = await decant(['dump', LIVENESS, '--stage', stage], WITHOUT_OPENVINO);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(text);
  });

  it('prints the .xml that convert writes', async () => {
    const xml = await convertedModel();
    const { stdout } = await decant(['dump', LIVENESS, '--stage', 'ir'], WITHOUT_OPENVINO);
    expect(stdout.trimEnd()).toBe((await readFile(xml, 'utf8')).trimEnd());
  });

  it('prints the graph of an IR, and rejects stages', async () => {
    const xml = await convertedModel();
    const lines = (text: string): number => text.split('\n').length;
    const ofModel = await decant(['dump', LIVENESS], WITHOUT_OPENVINO);
    const ofIr = await decant(['dump', xml], WITHOUT_OPENVINO);
    expect(ofIr.stdout).toContain('out "activation_6" = %');
    expect(lines(ofIr.stdout)).toBe(lines(ofModel.stdout));
    expectFailure(await decant(['dump', xml, '--stage', 'prepared'], WITHOUT_OPENVINO), 2, 'is already an IR');
  });

  it('prints the last or the given run of a step', async () => {
    const dump = async (stage: string) => (await decant(['dump', LIVENESS, '--stage', stage], WITHOUT_OPENVINO)).stdout;
    expect(await dump('simplify')).toBe(await dump('simplify:3'));
    expect(await dump('simplify')).not.toBe(await dump('simplify:1'));
  });

  it('rejects unknown stages, and lists the known ones', async () => {
    const raw = await decant(['dump', LIVENESS, '--stage', 'raw'], WITHOUT_OPENVINO);
    expectFailure(raw, 2, "unknown stage 'raw'", 'model, prepared, translated, graph, ir, read, select-signature, ');
    const fourth = await decant(['dump', LIVENESS, '--stage', 'simplify:4'], WITHOUT_OPENVINO);
    expectFailure(fourth, 2, 'step simplify runs 3 times');
  });
});
