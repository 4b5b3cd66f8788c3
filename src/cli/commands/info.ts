import type { HeadChoice } from '../../detect/heads/find-head.ts';
import { Command } from 'commander';
import type { ResolvedModel } from '../../api/resolve-model.ts';
import type { Port, Ports } from '../../detect/heads/port.ts';
import type { Graph } from '../../ov/graph.ts';
import type { RtInfo } from '../../ov/ir/ir.ts';
import { print, printJson, table } from '../console.ts';
import { convertEndOptions, type EndOptions, rejectIrOptions, withEndOptions } from '../model-options.ts';
import { resolveWithProgress } from '../transfer.ts';

export const infoCommand = (): Command =>
  withEndOptions(
    new Command('info')
      .description("Print a model's inputs, outputs and ops. Works without OpenVINO.")
      .argument('<model>', 'TensorFlow model or OpenVINO IR (.xml): a path, name or URL')
      .option('--graph <file>', "draw the model's architecture as an .svg")
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ decant info model.xml
  $ decant info saved_model/ --graph model.svg   input, backbone by sizes, heads, post-processing, outputs`,
    )
    .action(info);

interface Options extends EndOptions {
  readonly graph?: string;
  readonly json?: boolean;
}

interface HeadFacts {
  readonly name: string;
  readonly reason: string;
}

interface Facts {
  readonly model: string;
  readonly format: string;
  readonly signatures: readonly string[];
  readonly ports: Ports;
  /** The kind of detector, and why: none for other models, and several if only the user can tell. */
  readonly heads: readonly HeadFacts[];
  readonly ops: Readonly<Record<string, number>>;
  readonly rtInfo: RtInfo;
}

async function info(model: string, options: Options): Promise<void> {
  const { checkDiagramPath, writeArchitectureDiagram } = await import('../write-architecture-diagram.ts');
  if (options.graph !== undefined) await checkDiagramPath(options.graph);
  const resolved = await resolveWithProgress(model, options);
  if (resolved.kind === 'ir') await rejectIrOptions(resolved.path, options);
  const { graph, ...facts } =
    resolved.kind === 'ir' ? await factsOfIr(resolved.path, options.head) : await factsOfModel(resolved, options);
  if (options.graph !== undefined) await writeArchitectureDiagram(options.graph, model, graph);
  if (options.json === true)
    printJson({ ...facts, ports: undefined, inputs: facts.ports.inputs, outputs: facts.ports.outputs });
  else await printFacts(facts);
  if (options.graph !== undefined && options.json !== true) print(`saved ${options.graph}`);
}

async function factsOfIr(path: string, head: HeadChoice | undefined): Promise<Facts & { readonly graph: Graph }> {
  const { readIrFile } = await import('../../api/read-ir-file.ts');
  const { graph, rtInfo } = await readIrFile(path);
  return {
    model: path,
    format: 'openvino-ir',
    signatures: [],
    ...(await factsOfGraph(graph, rtInfo, head)),
    rtInfo,
    graph,
  };
}

async function factsOfModel(model: ResolvedModel, options: EndOptions): Promise<Facts & { readonly graph: Graph }> {
  const { convertResolvedModel } = await import('../../api/convert-model.ts');
  const { conversion, rtInfo } = await convertResolvedModel(model, convertEndOptions(options));
  const { format, signatures } = conversion.model;
  return {
    model: model.path,
    format,
    signatures: [...signatures.keys()],
    ...(await factsOfGraph(conversion.graph, rtInfo, options.head)),
    rtInfo,
    graph: conversion.graph,
  };
}

async function factsOfGraph(
  graph: Graph,
  rtInfo: RtInfo,
  head: HeadChoice | undefined,
): Promise<Pick<Facts, 'ports' | 'heads' | 'ops'>> {
  const [{ graphPorts }, { infoIn }, { headsOf }, { countOvOps }] = await Promise.all([
    import('../../api/graph-ports.ts'),
    import('../../api/ir-info.ts'),
    import('../../api/network-head.ts'),
    import('../../ov/count-ov-ops.ts'),
  ]);
  const ports = graphPorts(graph);
  const heads = headsOf(ports, infoIn(rtInfo), head).map(({ name, reason }) => ({ name, reason }));
  return { ports, heads, ops: countOvOps(graph) };
}

async function printFacts({ model, format, signatures, ports, heads, ops, rtInfo }: Facts): Promise<void> {
  const [{ formatPort }, { notesIn, postProcessingIn }] = await Promise.all([
    import('../../api/graph-ports.ts'),
    import('../../api/ir-info.ts'),
  ]);
  const list = (title: string, of: readonly Port[]): void => {
    print(`${title}: ${of.length}`);
    for (const port of of) print(`  ${formatPort(port)}`);
  };
  print(`${model} (${format}${signatures.length > 0 ? `, signatures ${signatures.join(', ')}` : ''})`);
  for (const { name, reason } of heads) print(`head: ${name}, because ${reason}`);
  for (const text of notesIn(rtInfo)) print(`note: ${text}`);
  for (const [title, value] of postProcessingIn(rtInfo)) print(`${title}: ${value}`);
  list('inputs', ports.inputs);
  list('outputs', ports.outputs);
  const counts = Object.entries(ops);
  print(`ops: ${counts.reduce((sum, [, count]) => sum + count, 0)}`);
  print(table(counts.map(([type, count]) => [count, type])));
}
