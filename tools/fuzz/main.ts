import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz, type Report } from './fuzz.ts';
import { TARGETS } from './targets.ts';

const SAVE = join(import.meta.dirname, '../../test/fixtures/fuzz');

const HELP = `Usage: npm run fuzz [-- TARGET ... OPTIONS]

Runs mutated inputs through decant's readers, and keeps one minimized input for every error that does not blame
the input, every crash, and all that takes more than 10 s or 1 GB. Exits with 1 if there are any.

Targets, by default all:
${TARGETS.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n')}

Options:
  --minutes N    how long to run each target (default: 1)
  --inputs N     how many inputs to run of each target, instead
  --seed S       inputs depend on the seed and their number only (default: 1)
  --from N       the number of the first input (default: 0)
  --jobs N       targets to run at a time (default: the number of processors)
  --save FOLDER  where to keep findings (default: test/fixtures/fuzz)
  --json         print JSON
  --help         print this help
`;

const OPTIONS = {
  minutes: { type: 'string', default: '1' },
  inputs: { type: 'string' },
  seed: { type: 'string', default: '1' },
  from: { type: 'string', default: '0' },
  jobs: { type: 'string', default: String(availableParallelism()) },
  save: { type: 'string', default: SAVE },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const targets = positionals.length === 0 ? TARGETS : positionals.map(targetNamed);
    const options = {
      seed: numberOf('seed', values.seed),
      first: numberOf('from', values.from),
      count: values.inputs === undefined ? undefined : numberOf('inputs', values.inputs),
      seconds: values.inputs === undefined ? 60 * numberOf('minutes', values.minutes) : Infinity,
      save: values.save,
    };
    const reports = new Map<string, Report>();
    const onProgress = (report: Report): void => {
      reports.set(report.target, report);
      showProgress([...reports.values()]);
    };
    const waiting = [...targets];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        onProgress(await fuzz(next, { ...options, onProgress }));
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, numberOf('jobs', values.jobs)) }, work));
    clearProgress();
    return print(
      targets.flatMap(target => reports.get(target.name) ?? []),
      values.json,
    );
  } catch (thrown) {
    clearProgress();
    process.stderr.write(`fuzz: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 2;
  }
}

function targetNamed(name: string) {
  const target = TARGETS.find(each => each.name === name);
  if (target !== undefined) return target;
  throw new Error(`there is no target '${name}', only ${TARGETS.map(each => each.name).join(', ')}`);
}

function numberOf(option: string, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0)) throw new Error(`--${option} needs a number, not '${value}'`);
  return number;
}

function showProgress(reports: readonly Report[]): void {
  if (!process.stderr.isTTY) return;
  const texts = reports.map(
    ({ target, inputs, findings }) => `${target} ${inputs}${findings.length === 0 ? '' : `, ${findings.length} found`}`,
  );
  process.stderr.write(`\r\u001b[K${texts.join('  ').slice(-(process.stderr.columns || 80) + 1)}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

function print(reports: readonly Report[], json: boolean): number {
  const findings = reports.flatMap(report => report.findings);
  if (json) process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
  else {
    for (const { target, findings: found } of reports) {
      for (const { kind, message, index, path } of found) {
        process.stdout.write(`${target}, input ${index}: ${kind}: ${message}\n  kept in ${path}\n`);
      }
    }
    for (const { target, inputs, read, refused } of reports) {
      process.stdout.write(`${target.padEnd(14)} ${inputs} inputs: ${read} read, ${refused} refused\n`);
    }
    const total = reports.reduce((sum, { inputs }) => sum + inputs, 0);
    process.stdout.write(`${total} inputs, ${findings.length} findings\n`);
  }
  return findings.length === 0 ? 0 : 1;
}
