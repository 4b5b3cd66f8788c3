import type { Detector } from '../api/detector.ts';
import type { Fact } from '../report/page.ts';
import { VERSION } from '../version.ts';

export const modelFacts = (model: string, { kind, device, compiled }: Detector): readonly Fact[] => [
  ['model', model],
  ['convention', kind],
  ['device', device],
  ['OpenVINO', compiled.version],
  ...decantFacts(),
];

export const decantFacts = (): readonly Fact[] => [
  ['decant', VERSION],
  ['created', `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`],
];
