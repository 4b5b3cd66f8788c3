export interface Layer {
  readonly name: string;
  readonly type: string;
  readonly version?: string;
  readonly data?: Readonly<Record<string, string | number>>;
  /** Names of earlier layers; `name:1` is the second output. */
  readonly inputs?: readonly string[];
  /** Tensor names of each output, separated by commas; default: one unnamed output. */
  readonly outputs?: readonly string[];
}

/** Bytes below which some releases of OpenVINO do not recognize an IR. */
const SHORTEST_IR = 513;

export function tinyIr(layers: readonly Layer[], name = 'tiny'): string {
  const find = (input: string): { id: number; port: number } => {
    const [layer, output = '0'] = input.split(':');
    const id = layers.findIndex(candidate => candidate.name === layer);
    return { id, port: (layers[id]?.inputs?.length ?? 0) + Number(output) };
  };
  const edges = layers.flatMap(({ inputs = [] }, id) =>
    inputs.map((input, port) => {
      const from = find(input);
      return `<edge from-layer="${from.id}" from-port="${from.port}" to-layer="${id}" to-port="${port}"/>`;
    }),
  );
  return `<net name="${name}" version="11"><layers>${layers.map(render).join('')}</layers><edges>${edges.join('')}</edges></net>`.padStart(
    SHORTEST_IR,
  );
}

export const parameter = (name: string, type: string, shape: string, names = name): Layer => ({
  name,
  type: 'Parameter',
  data: { element_type: type, shape },
  outputs: [names],
});

export const result = (input: string): Layer => ({
  name: `${input}/result`,
  type: 'Result',
  inputs: [input],
  outputs: [],
});

/** Writes an IR that multiplies an f32 matrix of `size` x `size` by itself `count` times, to take a long time. */
export function slowIr(size: number, count: number): string {
  const products = Array.from({ length: count }, (_, i): Layer => {
    const before = i === 0 ? 'x' : `y${i - 1}`;
    return { name: `y${i}`, type: 'MatMul', inputs: [before, 'x'], outputs: [`y${i}`] };
  });
  return tinyIr([parameter('x', 'f32', `${size},${size}`), ...products, result(`y${count - 1}`)]);
}

function render({ name, type, version = 'opset1', data = {}, inputs = [], outputs = [''] }: Layer, id: number): string {
  const attributes = Object.entries(data).map(([key, value]) => ` ${key}="${value}"`);
  const ports = outputs.map((names, i) => {
    const tag = names === '' ? '' : ` names="${names}"`;
    return `<port id="${inputs.length + i}" precision="UNSPECIFIED"${tag}/>`;
  });
  return (
    `<layer id="${id}" name="${name}" type="${type}" version="${version}">` +
    (attributes.length === 0 ? '' : `<data${attributes.join('')}/>`) +
    (inputs.length === 0 ? '' : `<input>${inputs.map((_, i) => `<port id="${i}"/>`).join('')}</input>`) +
    (outputs.length === 0 ? '' : `<output>${ports.join('')}</output>`) +
    '</layer>'
  );
}
