import type { LiteTranslator } from './lite-op.ts';
import { control } from './ops/control.ts';
import { convolution } from './ops/convolution.ts';
import { custom } from './ops/custom.ts';
import { elementwise } from './ops/elementwise.ts';
import { flex, FLEX } from './ops/flex.ts';
import { movement } from './ops/movement.ts';
import { pooling } from './ops/pooling.ts';

/** By the names of TensorFlow Lite's ops. */
export const LITE_TRANSLATORS: Readonly<Record<string, LiteTranslator>> = {
  ...control,
  ...convolution,
  ...custom,
  ...elementwise,
  ...movement,
  ...pooling,
};

export function translatorOf(op: string): LiteTranslator | undefined {
  if (Object.hasOwn(LITE_TRANSLATORS, op)) return LITE_TRANSLATORS[op];
  return op.startsWith(FLEX) ? flex : undefined;
}
