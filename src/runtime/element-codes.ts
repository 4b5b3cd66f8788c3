import { DecantError } from '../errors.ts';
import { byteLengthOf, ELEMENT_TYPES, type ElementType } from '../tensor/element-type.ts';
import type { Library } from './library.ts';
import { NEWER_OPENVINO } from './supported-version.ts';

export interface ElementCodes {
  readonly codes: ReadonlyMap<ElementType, number>;
  readonly types: ReadonlyMap<number, ElementType>;
}

const cache = new WeakMap<Library, ElementCodes>();

/**
 * The values differ between releases, which insert and remove types, so they are read from the inputs of a small model
 * with one input per type.
 */
export function elementCodes(library: Library): ElementCodes {
  const codes = cache.get(library) ?? readCodes(library);
  cache.set(library, codes);
  return codes;
}

function readCodes(library: Library): ElementCodes {
  const codes = new Map<ElementType, number>();
  const core = library.create('ov_core_create');
  try {
    const xml = new TextEncoder().encode(modelOfAllTypes());
    const model = library.create('ov_core_read_model_from_memory_buffer', core, xml, xml.byteLength, null);
    try {
      ELEMENT_TYPES.forEach((type, index) => {
        const port = library.create('ov_model_const_input_by_index', model, index);
        const code = new Int32Array(1);
        library.call('ov_port_get_element_type', port, code);
        library.free('ov_output_const_port_free', port);
        checkCode(library, type, code[0]!);
        codes.set(type, code[0]!);
      });
    } finally {
      library.free('ov_model_free', model);
    }
  } finally {
    library.free('ov_core_free', core);
  }
  return { codes, types: new Map([...codes].map(([type, code]) => [code, type])) };
}

/** In some releases, ports and tensors use different values for one type, because types were inserted into only one list. */
function checkCode(library: Library, type: ElementType, code: number): void {
  if (type === 'string') return;
  const count = 8;
  const tensor = library.create('ov_tensor_create', code, { rank: 1, dims: [count] });
  const size = new BigUint64Array(1);
  library.call('ov_tensor_get_byte_size', tensor, size);
  library.free('ov_tensor_free', tensor);
  if (Number(size[0]!) === byteLengthOf(type, count)) return;
  throw new DecantError('runtime-failed', `OpenVINO ${library.version} has inconsistent element types`, {
    remedy: NEWER_OPENVINO,
  });
}

function modelOfAllTypes(): string {
  const layers = ELEMENT_TYPES.map(
    (type, i) =>
      `<layer id="${2 * i}" name="${type}" type="Parameter" version="opset1">` +
      `<data shape="1" element_type="${type}"/><output><port id="0" precision="${type}"/></output></layer>` +
      `<layer id="${2 * i + 1}" name="${type}_out" type="Result" version="opset1"><input><port id="0"/></input></layer>`,
  );
  const edges = ELEMENT_TYPES.map(
    (_, i) => `<edge from-layer="${2 * i}" from-port="0" to-layer="${2 * i + 1}" to-port="0"/>`,
  );
  return `<net name="types" version="11"><layers>${layers.join('')}</layers><edges>${edges.join('')}</edges></net>`;
}
