import type { Config } from '../runtime/config.ts';
import type { Core } from '../runtime/core.ts';
import type { IrInfo } from './ir-info.ts';

/** Where and how to compile a model. */
interface Target {
  readonly device: string;
  readonly config: Config;
  readonly notes: readonly string[];
}

const IN_F32 =
  'this CPU cuts off sums of 8-bit products, so the quantized model runs in f32; `decant quantize` makes models that need no such sums';

const known = new WeakMap<Core, Promise<boolean>>();

/**
 * Returns how to compile a model: if it was quantized for sums of more than 16 bits, in f32 where the CPU cuts these off, as CPUs
 * without VNNI instructions do. AUTO, which would ignore that, is CPU where there is no other device.
 */
export async function exactSums(
  core: Core,
  device: string,
  { hasWideSums }: Pick<IrInfo, 'hasWideSums'>,
): Promise<Target> {
  const unchanged: Target = { device, config: {}, notes: [] };
  if (!hasWideSums) return unchanged;
  const onlyCpu = device === 'AUTO' && core.getAvailableDevices().every(name => name === 'CPU');
  if (!onlyCpu && device !== 'CPU') return unchanged;
  const cutsOff = known.get(core) ?? import('./cuts-off-sums.ts').then(({ cutsOffSums }) => cutsOffSums(core));
  known.set(core, cutsOff);
  if (!(await cutsOff)) return unchanged;
  return { device: 'CPU', config: { LP_TRANSFORMS_MODE: 'NO' }, notes: [IN_F32] };
}
