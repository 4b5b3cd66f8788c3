/** The node of a tensor name (`node`, `node:k`, `node:arg:k`, `^node`). */
export function nodeOf(tensor: string): string {
  const bare = tensor.startsWith('^') ? tensor.slice(1) : tensor;
  const colon = bare.indexOf(':');
  return colon < 0 ? bare : bare.slice(0, colon);
}

export function outputIndexOf(tensor: string): number {
  const colon = tensor.lastIndexOf(':');
  return colon < 0 ? 0 : Number(tensor.slice(colon + 1));
}

export const isControl = (tensor: string): boolean => tensor.startsWith('^');

export const outputName = (node: string, index: number): string => (index === 0 ? node : `${node}:${index}`);

export const tensorName = (tensor: string): string => outputName(nodeOf(tensor), outputIndexOf(tensor));
