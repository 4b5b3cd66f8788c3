import koffi from 'koffi';
import { elementCodes } from '../../src/runtime/element-codes.ts';
import { Library } from '../../src/runtime/library.ts';
import { bytesOf, sizeOf, type Tensor, tensorFromBytes } from '../../src/tensor/tensor.ts';
import { openVinoLibrary } from '../support/openvino.ts';

/** OpenVINO's own PrePostProcessor, called through the C API, for models with one f32 output. */

const path = await openVinoLibrary();
const library = koffi.load(path);

type Address = bigint;

/** Calls a function whose arguments have these C types; throws if it returns an error status. */
function call(name: string, types: string, ...args: readonly unknown[]): void {
  const status = library.func(`int ${name}(${types})`)(...args) as number;
  if (status === 0) return;
  const message = library.func('const char *ov_get_last_err_msg()')() as string;
  throw new Error(`${name} failed: ${message}`);
}

function make(name: string, types: string, ...args: readonly unknown[]): Address {
  const slot: [Address | null] = [null];
  call(name, `${types === '' ? '' : `${types}, `}_Out_ void **`, ...args, slot);
  return slot[0]!;
}

/** The numbers of `ov_color_format_e` and `ov_preprocess_resize_algorithm_e`. */
const COLORS = {
  NV12_SINGLE_PLANE: 1,
  NV12_TWO_PLANES: 2,
  I420_SINGLE_PLANE: 3,
  I420_THREE_PLANES: 4,
  RGB: 5,
  BGR: 6,
  RGBX: 8,
  BGRX: 9,
} as const;
const RESIZES = { linear: 0, cubic: 1, nearest: 2 } as const;
const PARTS: Readonly<Partial<Record<keyof typeof COLORS, readonly string[]>>> = {
  NV12_TWO_PLANES: ['y', 'uv'],
  I420_THREE_PLANES: ['y', 'u', 'v'],
};
const { codes } = elementCodes(Library.at(path));
const F32 = codes.get('f32')!;
const U8 = codes.get('u8')!;

export interface NativeSteps {
  readonly type: 'u8' | 'f32';
  readonly layout: 'NHWC' | 'NCHW';
  readonly color: keyof typeof COLORS;
  /** Size of the frame. */
  readonly height: number;
  readonly width: number;
  readonly crop?: readonly [begin: readonly number[], end: readonly number[]] | undefined;
  readonly pad?: readonly [begin: readonly number[], end: readonly number[], value: number] | undefined;
  readonly resize?: keyof typeof RESIZES | undefined;
  readonly mean?: readonly number[] | undefined;
  readonly scale?: readonly number[] | undefined;
}

interface NativeModel {
  readonly xml: string;
  readonly bin: Uint8Array;
  /** Layout of the image input. */
  readonly layout: 'NHWC' | 'NCHW';
}

const shapeType = koffi.struct('ppp_shape', { rank: 'int64_t', dims: 'int64_t *' });

/** Runs a model with OpenVINO's own preprocessing on `frame`, one tensor per plane. */
export function runNative(model: NativeModel, steps: NativeSteps, frame: readonly Tensor[]): Tensor {
  const core = make('ov_core_create', '');
  const weights = hostTensor(U8, [model.bin.length], model.bin);
  const xml = Buffer.from(model.xml);
  const read = make(
    'ov_core_read_model_from_memory_buffer',
    'void *, void *, size_t, void *',
    core,
    xml,
    xml.length,
    weights,
  );
  const built = withSteps(read, model.layout, steps);
  const slot: [Address | null] = [null];
  Library.at(path).call('ov_core_compile_model', core, built, 'CPU', 2, slot, 'INFERENCE_PRECISION_HINT', 'f32');
  const compiled = slot[0];
  const request = make('ov_compiled_model_create_infer_request', 'void *', compiled);
  frame.forEach((tensor, i) => {
    const native = hostTensor(tensor.type === 'u8' ? U8 : F32, tensor.shape, bytesOf(tensor));
    call('ov_infer_request_set_input_tensor_by_index', 'void *, size_t, void *', request, i, native);
  });
  call('ov_infer_request_infer', 'void *', request);
  return readTensor(make('ov_infer_request_get_output_tensor_by_index', 'void *, size_t', request, 0));
}

function withSteps(model: Address, modelLayout: string, steps: NativeSteps): Address {
  const ppp = make('ov_preprocess_prepostprocessor_create', 'void *', model);
  const info = make('ov_preprocess_prepostprocessor_get_input_info', 'void *', ppp);
  const tensor = make('ov_preprocess_input_info_get_tensor_info', 'void *', info);
  const run = make('ov_preprocess_input_info_get_preprocess_steps', 'void *', info);
  const modelInfo = make('ov_preprocess_input_info_get_model_info', 'void *', info);
  const layout = (text: string): Address => make('ov_layout_create', 'const char *', text);
  const step = (name: string, types: string, ...args: readonly unknown[]): void => {
    call(`ov_preprocess_preprocess_steps_${name}`, `void *, ${types}`, run, ...args);
  };
  call('ov_preprocess_input_tensor_info_set_element_type', 'void *, int', tensor, steps.type === 'u8' ? U8 : F32);
  const { height, width } = steps;
  call('ov_preprocess_input_tensor_info_set_spatial_static_shape', 'void *, size_t, size_t', tensor, height, width);
  const parts = PARTS[steps.color];
  const set = 'ov_preprocess_input_tensor_info_set_color_format';
  if (parts === undefined) call(set, 'void *, int', tensor, COLORS[steps.color]);
  else
    call(
      `${set}_with_subnames`,
      'void *, int, size_t, const char **',
      tensor,
      COLORS[steps.color],
      parts.length,
      parts,
    );
  if (!/^(?:NV12|I420)/.test(steps.color)) {
    call('ov_preprocess_input_tensor_info_set_layout', 'void *, void *', tensor, layout(steps.layout));
  }
  call('ov_preprocess_input_model_info_set_layout', 'void *, void *', modelInfo, layout(modelLayout));
  if (steps.color !== 'RGB') step('convert_color', 'int', COLORS.RGB);
  if (steps.crop) {
    const [begin, end] = steps.crop.map(list => Int32Array.from(list));
    step('crop', 'void *, int, void *, int', begin, begin!.length, end, end!.length);
  }
  step('convert_element_type', 'int', F32);
  if (steps.pad) {
    const [begin, end, value] = steps.pad;
    const [from, to] = [Int32Array.from(begin), Int32Array.from(end)];
    step('pad', 'void *, size_t, void *, size_t, float, int', from, from.length, to, to.length, value, 0);
  }
  if (steps.resize) step('resize', 'int', RESIZES[steps.resize]);
  for (const name of ['mean', 'scale'] as const) {
    const values = steps[name];
    if (values) step(`${name}_multi_channels`, 'void *, int', Float32Array.from(values), values.length);
  }
  return make('ov_preprocess_prepostprocessor_build', 'void *', ppp);
}

/** Keeps memory in use by native code from being collected. */
const kept: unknown[] = [];

function hostTensor(type: number, shape: readonly number[], bytes: Uint8Array): Address {
  const copy = Uint8Array.from(bytes);
  kept.push(copy);
  const dims = { rank: shape.length, dims: BigInt64Array.from(shape, BigInt) };
  const slot: [Address | null] = [null];
  const create = library.func('ov_tensor_create_from_host_ptr', 'int', [
    'int',
    shapeType,
    'void *',
    koffi.out('void **'),
  ]);
  if (create(type, dims, copy, slot) !== 0) throw new Error('the tensor was refused');
  return slot[0]!;
}

function readTensor(tensor: Address): Tensor {
  const shape = new BigInt64Array(2);
  call('ov_tensor_get_shape', 'void *, void *', tensor, shape);
  const sizes = Array.from(koffi.decode(shape[1]!, 'int64_t', Number(shape[0])) as ArrayLike<number | bigint>, Number);
  const data = make('ov_tensor_data', 'void *', tensor);
  const bytes = Uint8Array.from(koffi.decode(data, 'uint8_t', 4 * sizeOf(sizes)) as ArrayLike<number>);
  return tensorFromBytes('f32', sizes, bytes);
}
