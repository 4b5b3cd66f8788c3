import type { Source } from '../../source/source.ts';
import { bytesAsText, readHead } from '../../source/read-text.ts';

/** A format that holds no TensorFlow graph. */
export interface ForeignFormat {
  /** What it is, to end a sentence that begins "it is". */
  readonly is: string;
  readonly remedy: string;
  /** Recognised by a file's path, or by its first bytes with one character for each. */
  readonly path?: RegExp;
  readonly head?: RegExp;
}

const HEAD_BYTES = 1024;
/** A folder that is no model shows what it is in its first files. */
const MAX_LOOKED_AT = 200;

const GET_AGAIN = 'Download it again, and check the address.';
const GIVE_SAVED_MODEL = 'Give the SavedModel folder of the same model, or export one from the code that trained it.';
const EXPORT_KERAS = 'Load it in Keras and export a SavedModel with `model.export("folder")`.';
const FROM_PYTORCH = 'decant reads TensorFlow models only; OpenVINO itself converts PyTorch models.';
const UNPACK = 'Unpack it and give the folder of the model.';

/** In this order, so that what explains a whole folder goes before what explains one file in it. */
const FORMATS: readonly ForeignFormat[] = [
  {
    is: 'a Git LFS pointer: it stands for a file that was not fetched',
    remedy: 'Run `git lfs pull` in that repository.',
    head: /^version https:\/\/git-lfs\./,
  },
  { is: 'a web page, probably about a failed download', remedy: GET_AGAIN, head: /^\s*<(?:!doctype html|html)/i },
  {
    is: 'the variables of a SavedModel without its saved_model.pb',
    remedy: 'Give the whole SavedModel folder.',
    path: /(?:^|\/)variables\.(?:index|data-\d{5}-of-\d{5})$/,
  },
  {
    is: 'a SavedModel in the form for more than 2 GB, which comes in chunks',
    remedy: 'Export it again without `experimental_image_format`, so that there is a saved_model.pb.',
    path: /\.cpb$/,
  },
  {
    is: 'a MetaGraph as text',
    remedy: 'Give the .meta file in binary form, with its checkpoint beside it.',
    head: /^(?:\s|#.*\n)*meta_info_def/,
  },
  {
    is: 'a checkpoint in the form that TensorFlow wrote before 0.12: it holds weights but no graph',
    remedy: GIVE_SAVED_MODEL,
    // A table whose first entry has no key, and begins with a message about the tensors that follow.
    head: /^\0\0[\x80-\xff]*[\0-\x7f]\x0a/,
  },
  {
    is: 'a TensorFlow 2 checkpoint: it holds weights but no graph',
    remedy: GIVE_SAVED_MODEL,
    path: /(?:^|\/)checkpoint$|\.(?:index|data-\d{5}-of-\d{5}|ckpt)$/,
    head: /^model_checkpoint_path:/,
  },
  {
    is: 'a Keras model',
    remedy: EXPORT_KERAS,
    path: /\.(?:h5|hdf5|keras)$/,
    head: /^\x89HDF\r\n/,
  },
  {
    is: 'a Keras model for TensorFlow.js (layers-model)',
    remedy: 'Convert it with `tensorflowjs_converter --output_format tfjs_graph_model`.',
    head: /^\s*\{.*"(?:layers-model|model_config|keras_version)"/s,
  },
  {
    is: 'a TensorFlow Lite model',
    remedy: 'Give the SavedModel that it was made from; OpenVINO itself reads TensorFlow Lite models.',
    path: /\.tflite$/,
    head: /^.{4}TFL3/s,
  },
  {
    is: 'an ONNX model',
    remedy: 'OpenVINO itself reads ONNX models; decant is for TensorFlow ones.',
    path: /\.onnx$/,
    // ir_version, then the producer's name or the graph. A SavedModel has a message where the name stands.
    head: /^\x08[\x01-\x1f](?:\x12[\x01-\x7f][\x20-\x7e]|[\x3a\x42])/,
  },
  {
    is: 'an OpenVINO model already',
    remedy: 'Run it as it is: there is nothing to convert.',
    head: /^\s*(?:<\?xml[^>]*>\s*)?<net[\s>]/,
  },
  { is: 'a PyTorch model', remedy: FROM_PYTORCH, path: /\.(?:pkl|pt|pth|safetensors)$/, head: /^.{7}\0\{"/s },
  { is: 'a Python pickle, probably a PyTorch model', remedy: FROM_PYTORCH, head: /^\x80[\x02-\x05]/ },
  {
    is: 'a SavedModel as text',
    remedy: 'Save it again in binary form, as saved_model.pb.',
    head: /^(?:\s|#.*\n)*saved_model_schema_version/,
  },
  {
    is: 'a label map',
    remedy: 'Give the model that it belongs to.',
    head: /^(?:\s|#.*\n)*item\s*\{/,
  },
  {
    is: 'a training configuration',
    remedy: 'Give the model that it belongs to.',
    path: /\.config$/,
    head: /^(?:\s|#.*\n)*model\s*\{/,
  },
  {
    is: 'an archive inside of what was given',
    remedy: 'Give the path of the archive itself.',
    path: /\.(?:zip|tar|tgz|tar\.gz)$/,
  },
  {
    is: 'an archive of a kind that decant does not read',
    remedy: UNPACK,
    head: /^(?:7z\xbc\xaf|Rar!|\xfd7zXZ|BZh|\x28\xb5\x2f\xfd)/,
  },
  {
    is: 'a picture',
    remedy: 'Give a model first; pictures are what it looks at.',
    head: /^(?:\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|RIFF.{4}WEBP|II\*\0|MM\0\*)/s,
  },
];

/** What bytes are, where they are something that decant knows and does not read. */
export function foreignFormat(path: string, bytes: Uint8Array): ForeignFormat | undefined {
  const head = bytesAsText(bytes.subarray(0, HEAD_BYTES));
  return FORMATS.find(format => format.head?.test(head) ?? false) ?? FORMATS.find(format => format.path?.test(path));
}

/** The most telling file of a source, with what it is. */
export async function findForeign(source: Source): Promise<readonly [path: string, format: ForeignFormat] | undefined> {
  const found: (readonly [string, ForeignFormat])[] = [];
  for (const path of (await source.list()).slice(0, MAX_LOOKED_AT)) {
    const format = foreignFormat(path, await readHead(source, path, HEAD_BYTES));
    if (format !== undefined) found.push([path, format]);
  }
  return found.sort(([, a], [, b]) => FORMATS.indexOf(a) - FORMATS.indexOf(b))[0];
}
