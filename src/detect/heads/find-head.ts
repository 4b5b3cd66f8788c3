import { DecantError } from '../../errors.ts';
import { nearestHint } from '../../nearest-names.ts';
import { describedHead } from './described-head.ts';
import type { Head } from './head.ts';
import type { HeadDescription } from './head-description.ts';
import { HEAD_FAMILIES, HEAD_NAMES, type HeadKind, HEADS } from './heads.ts';
import { nearHeads } from './near-heads.ts';
import { formatPorts, type Ports } from './port.ts';

/** Name of a head, or a description, which `checkHead` checks where it comes in. */
export type HeadChoice = string | HeadDescription;

/** Returns the head of a model, or the chosen one; undefined if none fits, or if several do. */
export function matchHead(ports: Ports, choice?: HeadChoice): Head | undefined {
  const fitting = fittingHeads(ports, choice);
  return fitting.length === 1 ? fitting[0] : undefined;
}

/**
 * Returns the head of a model, or the chosen one.
 *
 * @throws DecantError `unsupported` if none fits, or if several do; `invalid-argument` if the chosen one does not exist
 */
export function findHead(ports: Ports, choice?: HeadChoice): Head {
  const [head, ...others] = fittingHeads(ports, choice);
  if (head === undefined)
    throw batchError(ports) ?? (choice === undefined ? unrecognized(ports) : misfit(ports, choice));
  if (others.length > 0) throw ambiguous([head, ...others]);
  return head;
}

/** @throws DecantError `invalid-argument` if there is no head of that name */
export function checkHeadName(name: string): void {
  if (!HEAD_NAMES.includes(name)) throw unknownHead(name);
}

const unknownHead = (name: string): DecantError =>
  new DecantError('invalid-argument', `there is no head '${name}'`, {
    remedy: `${nearestHint(name, HEAD_NAMES)}The heads are ${HEAD_FAMILIES.join(', ')}. For other detectors, describe the head in a .json file.`,
  });

function kindsOf(choice: HeadChoice | undefined): readonly HeadKind[] {
  if (choice === undefined) return HEADS;
  if (typeof choice !== 'string') return [{ name: 'described', match: ports => describedHead(ports, choice) }];
  checkHeadName(choice);
  return HEADS.filter(({ name }) => name === choice);
}

/** Returns the heads with the strongest evidence, one for each name; or the chosen one, if it fits. */
export function fittingHeads(ports: Ports, choice?: HeadChoice): readonly Head[] {
  const heads = kindsOf(choice)
    .map(({ match }) => match(ports))
    .filter(result => typeof result !== 'string');
  const named = heads.filter(({ evidence }) => evidence === 'names');
  const strongest = named.length > 0 ? named : heads;
  return strongest.filter(({ name }, i) => strongest.findIndex(other => other.name === name) === i);
}

function batchError({ inputs }: Ports): DecantError | undefined {
  const batch = inputs.find(({ shape }) => shape.length === 4)?.shape[0];
  if (batch === undefined || batch <= 1) return undefined;
  return new DecantError('unsupported', `the model has a batch size of ${batch}, and detectors run with 1`, {
    remedy: 'Convert it without --batch; decant runs several images in parallel anyway.',
  });
}

function unrecognized(ports: Ports): DecantError {
  const near = nearHeads(ports).map(({ name, reason }) => `${name} (but ${reason})`);
  const hint = near.length === 0 ? '' : `Its outputs could be those of ${near.join(' or ')}. `;
  return new DecantError(
    'unsupported',
    `unrecognized detector: no supported convention matches ${formatPorts(ports.inputs)} -> ${formatPorts(ports.outputs)}`,
    {
      remedy:
        `${hint}docs/detectors.md lists the supported detectors; --head NAME says why one does not match. ` +
        'For others, describe the outputs in a file: --head FILE.json.',
    },
  );
}

function misfit(ports: Ports, choice: HeadChoice): DecantError {
  const kinds = kindsOf(choice);
  const reasons = kinds.map(({ match }) => match(ports)).filter(result => typeof result === 'string');
  return new DecantError('unsupported', `the head ${kinds[0]!.name} does not fit the model: ${reasons.join('; or ')}`, {
    remedy: `Its outputs are ${formatPorts(ports.outputs)}. Leave --head out to let decant choose.`,
  });
}

function ambiguous(heads: readonly Head[]): DecantError {
  const names = heads.map(({ name }) => name);
  const reasons = [...new Set(heads.map(({ reason }) => reason))];
  const could = reasons.map(reason => `${namesWith(heads, reason).join(' or ')} (${reason})`).join(' or ');
  const usual = heads.flatMap(({ name, usedBy }) => (usedBy === undefined ? [] : [` ${name} is ${usedBy}.`]));
  return new DecantError('unsupported', `the model could be ${could}`, {
    remedy: `Choose one: --head ${names.join(' or --head ')}.${usual.join('')}`,
  });
}

const namesWith = (heads: readonly Head[], reason: string): readonly string[] =>
  heads.filter(head => head.reason === reason).map(({ name }) => name);
