import { checkArgument, object } from '../check.ts';
import { DecantError } from '../errors.ts';

/** OpenVINO properties by name: `{ PERFORMANCE_HINT: 'LATENCY', NUM_STREAMS: 2, PERF_COUNT: true }`. */
export type Config = Readonly<Record<string, string | number | boolean>>;

export function propertyTexts(config: Config): readonly (readonly [name: string, value: string])[] {
  checkArgument(config, 'the properties', object);
  return Object.entries(config).map(([name, value]) => [name, propertyText(name, value)]);
}

function propertyText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'YES' : 'NO';
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new DecantError('invalid-argument', `property ${name} must be a string, a finite number or a boolean`);
}
