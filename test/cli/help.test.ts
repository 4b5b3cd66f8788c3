import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { decant, expectFailure, temporaryFolder } from '../support/run-cli.ts';

const COMMANDS = [
  'setup',
  'doctor',
  'devices',
  'download',
  'detect',
  'convert',
  'quantize',
  'serve',
  'enqueue',
  'worker',
  'export',
  'verify',
  'eval',
  'bench',
  'info',
  'dump',
  'cache',
  'completion',
];

it('lists the commands', async () => {
  const { code, stdout, stderr } = await decant(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: decant /);
  expect([...stdout.matchAll(/^ {2}([a-z]+) \[/gm)].map(([, command]) => command)).toEqual([...COMMANDS, 'help']);
});

it.each(COMMANDS)('explains %s', async command => {
  const { code, stdout, stderr } = await decant([command, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: decant ${command} `));
  expect(stdout).toMatch(/^ {2}-h, --help /m);
  const isExample = (line: string): boolean => line.startsWith('  $ ');
  expect(stdout.split('\n').filter(line => line.length > 80 && !isExample(line))).toEqual([]);
});

it('groups options and commands', async () => {
  const titles = (text: string): readonly string[] => [...text.matchAll(/^(\S.*):$/gm)].map(([, title]) => title!);
  expect(titles((await decant(['--help'])).stdout)).toContain('Detect and convert');
  expect(titles((await decant(['detect', '--help'])).stdout)).toEqual(
    expect.arrayContaining([
      'What to detect',
      'Results for programs',
      'Videos',
      'Model and device',
      'Post-processing of the model',
      'General options',
    ]),
  );
});

it.each([
  ['convert', '-o, --output_model', ['Options', 'Model', 'Post-processing of the model', 'General options']],
  ['dump', '--stage', ['Options', 'Model', 'Post-processing of the model', 'General options']],
  ['export', '--ovms', ['Options', 'Model', 'Post-processing of the model', 'General options']],
  ['info', '--graph', ['Options', 'Model', 'Post-processing of the model', 'General options']],
  ['eval', '--annotations', ['Options', 'Model', 'Post-processing of the model', 'General options']],
  ['worker', '--results', ['Options', 'Model', 'Post-processing of the model', 'General options']],
  ['bench', '-d, --device', ['Options', 'Post-processing of the model', 'General options']],
  ['quantize', '--images', ['Options', 'Post-processing of the model', 'General options']],
  ['serve', '--models', ['Options', 'General options']],
  ['verify', '--against', ['Options', 'General options']],
])('lists the main options of %s first', async (command, first, groups) => {
  const { stdout } = await decant([command, '--help']);
  const titles = [...stdout.matchAll(/^(\w.*):$/gm)].map(([, title]) => title!);
  expect(titles.filter(title => /ptions$|^Model|^Post/.test(title))).toEqual(groups);
  expect(stdout.slice(stdout.indexOf('\nOptions:\n'))).toMatch(new RegExp(`^\nOptions:\n {2}${first} `));
});

it.each([
  ['predict', 'decant detect'],
  ['benchmark', 'decant bench'],
  ['track', 'decant detect MODEL VIDEO --track'],
  ['val', 'decant eval'],
  ['train', 'decant convert'],
])('points from %s to the right command', async (word, instead) => {
  expectFailure(await decant([word, LIVENESS, '--imgsz', '640']), 2, `decant has no command '${word}'`, instead);
});

it.each([
  ['--every does nothing without a video', ['detect', CENTERNET, PHOTO, '--every', '5']],
  ['--every and --max-frames do nothing', ['detect', CENTERNET, PHOTO, '--every', '5', '--max-frames', '9']],
  ['--page does nothing without images', ['detect', CENTERNET, 'clip.mp4', '--page', '2']],
  ['--raw-csv does nothing', ['detect', CENTERNET, PHOTO, '--raw-csv', '--json']],
  ['--json and --format csv are two formats', ['detect', CENTERNET, PHOTO, '--json', '--format', 'csv']],
  ["the report 'x.txt' would be an HTML page", ['detect', CENTERNET, PHOTO, '--report', 'x.txt']],
  ["the report 'x.txt' would be an HTML page", ['bench', LIVENESS, '--report', 'x.txt']],
  ['-report_folder does nothing', ['bench', LIVENESS, '-report_folder', 'x']],
  ['-data_shape does nothing with an image', ['bench', LIVENESS, '-i', PHOTO, '-data_shape', '[1,9,9,3]']],
  [
    '--device and --skip-missing do nothing',
    ['eval', '--results', 'r.json', '--annotations', 'a.json', '--device', 'AUTO', '--skip-missing'],
  ],
  ["'efficientdet_d0' and --force do nothing with --list", ['download', 'efficientdet_d0', '--list', '--force']],
  ['--force does nothing with --offline', ['download', 'efficientdet_d0', '--offline', '--force']],
  ['--all does nothing with names', ['cache', 'rm', 'x', '--all']],
  ['--all does nothing with --older-than', ['cache', 'rm', '--all', '--older-than', '3']],
  ['--no-fp16 and --compress_to_fp16 True', ['convert', LIVENESS, '--no-fp16', '--compress_to_fp16', 'True']],
])('refuses options without an effect: %s', async (message, args) => {
  const { stdout, ...outcome } = await decant(args);
  expectFailure({ ...outcome, stdout: args.includes('--json') ? stdout : '' }, 2, message, 'try: ');
});

it('refuses options of the conversion with an IR', async () => {
  const xml = join(await temporaryFolder(), 'liveness.xml');
  expect((await decant(['convert', LIVENESS, '-o', xml])).code).toBe(0);
  for (const args of [
    ['info', '--batch', '2'],
    ['info', '--no-fp16'],
    ['dump', '--output', 'x'],
  ]) {
    expectFailure(await decant([args[0]!, xml, ...args.slice(1)]), 2, 'is an IR');
  }
});

it('prints its version', async () => {
  expect(await decant(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
});

it.each([
  [['detekt', LIVENESS], "unknown command 'detekt'", "Did you mean 'detect'?"],
  [['help', 'detekt'], "unknown command 'detekt'", "Did you mean 'detect'?"],
  [['detect', CENTERNET, PHOTO, '--treshold', '0.5'], "unknown option '--treshold'", "Did you mean '--threshold'?"],
  [['detect', CENTERNET, PHOTO, '--conf=0.5'], "unknown option '--conf=0.5'", 'Use --threshold SCORE.'],
  [['detect', CENTERNET, '--source', PHOTO], "unknown option '--source'", 'images follow the model'],
  [['detect', CENTERNET, PHOTO, '--out', 'x'], "unknown option '--out'", 'Use --save FOLDER.'],
  [['convert', LIVENESS, '--output_dir', 'x'], "unknown option '--output_dir'", 'Use -o FOLDER/NAME.xml.'],
  [['convert', '--saved_model_dir', 'x'], "unknown option '--saved_model_dir'", 'the model is the first argument'],
  [['bench', '-m', LIVENESS], "unknown option '-m'", 'the model is the first argument'],
  [['cache', 'rm', '--al'], "unknown option '--al'", 'See `decant cache rm --help`.'],
  [['eval'], "required option '--annotations <file>' not specified", 'Write `decant eval [options] [model] [images]`.'],
  [['detect', CENTERNET], "missing required argument 'input'", 'Write `decant detect [options] <model> <input...>`.'],
  [['convert'], "missing required argument 'model'", 'See `decant convert --help`.'],
  [['convert', LIVENESS, '--fp8'], "unknown option '--fp8'", 'See `decant convert --help`.'],
  [['detect', CENTERNET, PHOTO, '--threshold', '1.5'], 'Must be between 0 and 1.', 'See `decant detect --help`.'],
  [['detect', CENTERNET, PHOTO, '--top', 'ten'], 'Must be a whole number, at least 0.', 'See `decant detect --help`.'],
  [['detect', CENTERNET, PHOTO, '--every', '0'], 'Must be a whole number, at least 1.', 'See `decant detect --help`.'],
  [
    ['detect', CENTERNET, PHOTO, '--precision', 'f8'],
    'Allowed choices are f32, f16, bf16, default.',
    'See `decant detect --help`.',
  ],
])('rejects the command line %j', async (args, message, remedy) => {
  expectFailure(await decant(args), 2, message, 'try: ', remedy);
});

it('prints its help, as an error, without a command', async () => {
  const { code, stdout, stderr } = await decant([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: decant /);
});

it('prints the stack of an error with --debug', async () => {
  const { code, stderr } = await decant(['info', 'gone.json', '--debug']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^decant: 'gone\.json' does not exist\n/);
  expect(stderr).toMatch(/^ {2}code: not-found\n/m);
  expect(stderr).toMatch(/^ {4}at .*isIr/m);
});
