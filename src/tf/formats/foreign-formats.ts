import type { Source } from '../../source/source.ts';
import { bytesAsText, readHead } from '../../source/read-text.ts';

/** `is` completes "it is ..."; a file matches by its path, or by its first bytes as Latin-1. */
export interface ForeignFormat {
  readonly is: string;
  readonly remedy: string;
  readonly path?: RegExp;
  readonly head?: RegExp;
}

const HEAD_BYTES = 1024;
const MAX_FILES = 200;

const CHECK_URL = 'Check the URL and download the model again.';
const PASS_SAVED_MODEL = 'Pass the SavedModel folder of the same model, or export one from the training code.';
const EXPORT_KERAS = 'Load it in Keras and export a SavedModel with `model.export("folder")`.';
const FROM_PYTORCH = 'Convert it with OpenVINO directly; decant converts TensorFlow models only.';
const UNPACK = 'Unpack it and pass the model folder.';

/** Ordered by relevance: formats that explain a whole folder first. */
const FORMATS: readonly ForeignFormat[] = [
  {
    is: 'a Git LFS pointer to a file that was not fetched',
    remedy: 'Run `git lfs pull` in its repository.',
    head: /^version https:\/\/git-lfs\./,
  },
  { is: 'a web page, probably from a failed download', remedy: CHECK_URL, head: /^\s*<(?:!doctype html|html)/i },
  {
    is: 'the variables of a SavedModel without its saved_model.pb',
    remedy: 'Pass the whole SavedModel folder.',
    path: /(?:^|\/)variables\.(?:index|data-\d{5}-of-\d{5})$/,
  },
  {
    is: 'a chunked SavedModel, the format for models over 2 GB',
    remedy: 'Export it again without `experimental_image_format` to get a saved_model.pb.',
    path: /\.cpb$/,
  },
  {
    is: 'a MetaGraph in text format',
    remedy: 'Pass the binary .meta file, with its checkpoint beside it.',
    head: /^(?:\s|#.*\n)*meta_info_def/,
  },
  {
    is: 'a checkpoint in the format used before TensorFlow 0.12: it holds weights but no graph',
    remedy: PASS_SAVED_MODEL,
    // The first entry of the table has an empty key, and its value starts with a message.
    head: /^\0\0[\x80-\xff]*[\0-\x7f]\x0a/,
  },
  {
    is: 'a TensorFlow 2 checkpoint: it holds weights but no graph',
    remedy: PASS_SAVED_MODEL,
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
    is: 'an ONNX model',
    remedy: 'Read it with OpenVINO directly; decant converts TensorFlow models only.',
    path: /\.onnx$/,
    // ir_version, then producer_name or the graph. A SavedModel has a message instead of the name.
    head: /^\x08[\x01-\x1f](?:\x12[\x01-\x7f][\x20-\x7e]|[\x3a\x42])/,
  },
  {
    is: 'already an OpenVINO model',
    remedy: 'Run it as is; it needs no conversion.',
    head: /^\s*(?:<\?xml[^>]*>\s*)?<net[\s>]/,
  },
  { is: 'a file of weights', remedy: 'Pass the .xml or .json of its model, beside it.', path: /\.bin$/ },
  { is: 'a PyTorch model', remedy: FROM_PYTORCH, path: /\.(?:pkl|pt|pth|safetensors)$/, head: /^.{7}\0\{"/s },
  { is: 'a Python pickle, probably a PyTorch model', remedy: FROM_PYTORCH, head: /^\x80[\x02-\x05]/ },
  {
    is: 'a label map',
    remedy: 'Pass the model it belongs to.',
    head: /^(?:\s|#.*\n)*item\s*\{/,
  },
  {
    is: 'a training configuration',
    remedy: 'Pass the model it belongs to.',
    path: /\.config$/,
    head: /^(?:\s|#.*\n)*model\s*\{/,
  },
  {
    is: 'a nested archive',
    remedy: 'Pass the path of the archive itself.',
    path: /\.(?:zip|tar|tgz|tar\.gz)$/,
  },
  {
    is: 'an archive in an unsupported format',
    remedy: UNPACK,
    head: /^(?:7z\xbc\xaf|Rar!|\xfd7zXZ|BZh|\x28\xb5\x2f\xfd)/,
  },
  {
    is: 'an image',
    remedy: 'Pass a model first, then the images.',
    head: /^(?:\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|RIFF.{4}WEBP|II\*\0|MM\0\*)/s,
  },
];

export function foreignFormat(path: string, bytes: Uint8Array): ForeignFormat | undefined {
  const head = bytesAsText(bytes.subarray(0, HEAD_BYTES));
  return FORMATS.find(format => format.head?.test(head) ?? false) ?? FORMATS.find(format => format.path?.test(path));
}

export async function findForeign(source: Source): Promise<readonly [path: string, format: ForeignFormat] | undefined> {
  const found: (readonly [string, ForeignFormat])[] = [];
  for (const path of (await source.list()).slice(0, MAX_FILES)) {
    const format = foreignFormat(path, await readHead(source, path, HEAD_BYTES));
    if (format !== undefined) found.push([path, format]);
  }
  return found.sort(([, a], [, b]) => FORMATS.indexOf(a) - FORMATS.indexOf(b))[0];
}
