import { freshDim } from '../../tensor/dim.ts';
import type { Graph, Type } from '../graph.ts';
import { attributeOf, childOf, childrenOf, integerFrom, integerOf, type XmlElement } from './parse-xml.ts';
import { elementTypeOfPrecision } from './precision.ts';

/** `parameters` and `results` map layer ids to positions of inputs and outputs of the graph. */
export interface ReadGraph {
  readonly graph: Graph;
  readonly parameters: ReadonlyMap<number, number>;
  readonly results: ReadonlyMap<number, number>;
}

export interface LayerPort {
  readonly id: number;
  readonly names: readonly string[];
  /** Optional for inputs. */
  readonly type: Type | undefined;
}

export interface Layer {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly version: string;
  readonly data: Readonly<Record<string, string>>;
  readonly inputs: readonly LayerPort[];
  readonly outputs: readonly LayerPort[];
  readonly outputNames: readonly string[] | undefined;
  readonly isDecompression: boolean;
  readonly element: XmlElement;
}

export function readLayer(element: XmlElement): Layer {
  const rtInfo = childrenOf(childOf(element, 'rt_info'), 'attribute');
  const outputNames = element.attributes['output_names'];
  return {
    id: integerOf(element, 'id'),
    name: attributeOf(element, 'name'),
    type: attributeOf(element, 'type'),
    version: attributeOf(element, 'version'),
    data: childOf(element, 'data')?.attributes ?? {},
    inputs: childrenOf(childOf(element, 'input'), 'port').map(readPort),
    outputs: childrenOf(childOf(element, 'output'), 'port').map(readPort),
    outputNames: outputNames === undefined ? undefined : splitNames(outputNames),
    isDecompression: rtInfo.some(info => info.attributes['name'] === 'decompression'),
    element,
  };
}

function readPort(element: XmlElement): LayerPort {
  const { precision, names } = element.attributes;
  const dims = childrenOf(element, 'dim').map(({ text }) => {
    const size = integerFrom(text);
    return size < 0 ? freshDim() : size;
  });
  return {
    id: integerOf(element, 'id'),
    names: names === undefined ? [] : splitNames(names),
    type: precision === undefined ? undefined : { type: elementTypeOfPrecision(precision), shape: dims },
  };
}

const splitNames = (names: string): readonly string[] =>
  (names.match(/(?:\\,|[^,])+/g) ?? []).map(name => name.replaceAll('\\,', ','));
