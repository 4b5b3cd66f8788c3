import type { DataType } from './data-type.ts';
import type { TfNode } from './model.ts';

const BOOLEANS = new Set([
  ...['Less', 'LessEqual', 'Greater', 'GreaterEqual', 'Equal', 'NotEqual', 'ApproximateEqual'],
  ...['LogicalAnd', 'LogicalOr', 'LogicalNot', 'All', 'Any', 'IsFinite', 'IsInf', 'IsNan'],
]);
const FLOATS = new Set(['CropAndResize', 'ResizeBilinear', 'ResizeBicubic', 'ResizeArea']);
const INT32 = new Set(['NonMaxSuppression', 'NonMaxSuppressionV2', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4']);

const STRINGS = new Set([
  ...['AsString', 'DecodeBase64', 'EncodeBase64', 'EncodeJpeg', 'EncodePng', 'ReadFile', 'ReduceJoin', 'RegexReplace'],
  ...[
    'ShardedFilename',
    'StaticRegexReplace',
    'StringFormat',
    'StringJoin',
    'StringLower',
    'StringStrip',
    'StringUpper',
  ],
  ...['Substr', 'UnicodeScript', 'UnicodeTranscode'],
]);

const DEFAULTS: Readonly<Record<string, readonly [attribute: string, type: DataType]>> = {
  Angle: ['Tout', 'DT_FLOAT'],
  ArgMax: ['output_type', 'DT_INT64'],
  ArgMin: ['output_type', 'DT_INT64'],
  Complex: ['Tout', 'DT_COMPLEX64'],
  ComplexAbs: ['Tout', 'DT_FLOAT'],
  Imag: ['Tout', 'DT_FLOAT'],
  Real: ['Tout', 'DT_FLOAT'],
  Bitcast: ['type', 'DT_FLOAT'],
  Shape: ['out_type', 'DT_INT32'],
  ShapeN: ['out_type', 'DT_INT32'],
  Size: ['out_type', 'DT_INT32'],
};

/** Most specific first. */
const ATTRIBUTES = ['DstT', 'dtype', 'element_dtype', 'Tparams', 'out_type', 'T'];

export function outputTypeOf({ op, attrs }: TfNode, index: number): DataType | undefined {
  if (BOOLEANS.has(op)) return 'DT_BOOL';
  if (STRINGS.has(op)) return 'DT_STRING';
  if (FLOATS.has(op)) return 'DT_FLOAT';
  if (INT32.has(op) || op === 'Rank' || op === 'StringLength') return 'DT_INT32';
  if (op === 'Where') return 'DT_INT64';
  if (op === 'NonMaxSuppressionV5') return index === 1 ? typeAt('T') : 'DT_INT32';
  if (op === 'CombinedNonMaxSuppression') return index === 3 ? 'DT_INT32' : 'DT_FLOAT';
  if (op === 'TopK' || op === 'TopKV2') return index === 0 ? typeAt('T') : (typeAt('index_type') ?? 'DT_INT32');
  if (op === 'SparseReshape') return 'DT_INT64';
  if (op === 'SparseFillEmptyRows') return index === 1 ? typeAt('T') : index === 2 ? 'DT_BOOL' : 'DT_INT64';
  if (op === 'CTCGreedyDecoder') return index === 3 ? (typeAt('T') ?? 'DT_FLOAT') : 'DT_INT64';
  if (op === 'Dequantize') return typeAt('dtype') ?? 'DT_FLOAT';
  if (op === 'QuantizeV2' && index > 0) return 'DT_FLOAT';
  if (op.startsWith('Unique') && index > 0) return typeAt('out_idx') ?? 'DT_INT32';
  if (op.startsWith('FusedBatchNormV') && index > 0) return typeAt('U') ?? 'DT_FLOAT';
  if (/^I?FFT[23]?D?$|^RFFT[23]?D?$/.test(op)) return typeAt('Tcomplex') ?? 'DT_COMPLEX64';
  if (op.startsWith('IRFFT')) return typeAt('Treal') ?? 'DT_FLOAT';
  const known = DEFAULTS[op];
  if (known !== undefined) return typeAt(known[0]) ?? known[1];
  for (const name of [...ATTRIBUTES, 'Tout']) {
    const found = typeAt(name);
    if (found !== undefined) return found;
  }
  return undefined;

  function typeAt(name: string): DataType | undefined {
    const attr = attrs.get(name);
    const one = attr?.kind === 'list' ? attr.value[index] : attr;
    return one?.kind === 'type' ? one.value : undefined;
  }
}
