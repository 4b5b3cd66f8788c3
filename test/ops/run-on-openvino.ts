import { joinBin } from '../../src/ov/ir/ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import type { Graph } from '../../src/ov/graph.ts';
import type { Config } from '../../src/runtime/config.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { core } from '../support/openvino.ts';

export interface Results {
  /** Types and shapes of the outputs as OpenVINO infers them on reading the IR: `f32[1,?]`. */
  readonly inferred: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, Tensor>;
}

export interface CompiledGraph extends Disposable {
  readonly inferred: Results['inferred'];
  run(inputs: ReadonlyMap<string, Tensor>): Promise<Results['outputs']>;
}

/** Compiles a graph for OpenVINO's CPU plugin in f32. */
export async function compileForOpenVino(graph: Graph, config: Config = {}): Promise<CompiledGraph> {
  const { xml, bin } = writeIr(graph);
  using model = await core.readModel({ xml, bin: joinBin(bin) });
  const inferred = new Map(
    model.outputs.map(port => [
      port.anyName,
      `${port.elementType}[${port.shape.map(size => String(size ?? '?')).join(',')}]`,
    ]),
  );
  const compiled = await core.compileModel(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32', ...config });
  return {
    inferred,
    async run(inputs) {
      using request = compiled.createInferRequest();
      return new Map(Object.entries(await request.inferAsync(Object.fromEntries(inputs))));
    },
    [Symbol.dispose]: () => {
      compiled[Symbol.dispose]();
    },
  };
}

/** Runs a graph on OpenVINO's CPU plugin in f32. */
export async function runOnOpenVino(
  graph: Graph,
  inputs: ReadonlyMap<string, Tensor>,
  config: Config = {},
): Promise<Results> {
  using compiled = await compileForOpenVino(graph, config);
  return { inferred: compiled.inferred, outputs: await compiled.run(inputs) };
}
