import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Detection } from '../../src/detect/detection.ts';
import { annotate } from '../../src/draw/draw-detections.ts';
import type { Image } from '../../src/image/image.ts';
import { probeVideo } from '../../src/video/probe-video.ts';
import { readVideo, type VideoFrame } from '../../src/video/read-video.ts';
import type { FrameTracks } from '../../src/track/frame-tracks.ts';
import { ffmpeg, makeClip, streamsOf, timesOf } from '../support/clips.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { rtspCamera } from '../support/rtsp-server.ts';
import { decant, expectFailure, filesBelow, jsonOf, type Outcome, temporaryFolder } from '../support/run-cli.ts';

interface FrameRecord {
  readonly file: string;
  readonly frame?: number;
  readonly time?: number;
  readonly width: number;
  readonly height: number;
  readonly detections: readonly Detection[];
}

const detect = (...args: readonly string[]): Promise<Outcome> =>
  decant(['detect', CENTERNET, ...args, '--threshold', '0.3', '--device', 'CPU']);

const recordsOf = (outcome: Outcome): readonly FrameRecord[] =>
  (jsonOf(outcome) as { readonly images: readonly FrameRecord[] }).images;

const FRAMES = 12;
/** Pixels that the people move to the right per frame. */
const STEP = 8;

/** People moving over a gray wall, with sound: 481 x 301 pixels, 10 frames per second. */
async function party(folder: string): Promise<string> {
  const people = join(folder, 'people.png');
  await sharp(PHOTO).resize(320, 290).toFile(people);
  const clip = join(folder, 'party.mp4');
  const wall = ['-f', 'lavfi', '-i', `color=gray:size=481x301:rate=10:duration=${FRAMES / 10},format=rgb24`];
  const sound = ['-f', 'lavfi', '-i', `sine=duration=${FRAMES / 10}`];
  const move = [
    '-filter_complex',
    `[0:v][1:v]overlay=x='10+${STEP}*n':y=5:format=yuv444,format=yuv444p`,
    '-map',
    '2:a',
  ];
  ffmpeg(...wall, '-i', people, ...sound, ...move, '-c:a', 'aac', clip);
  await rm(people);
  return clip;
}

async function framesOf(path: string): Promise<readonly VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of readVideo(path)) frames.push(frame);
  return frames;
}

/** Expects `image` to be nearer to `drawn` than to `plain` where these differ. */
function expectInk(image: Image, plain: Image, drawn: Image): void {
  let ink = 0;
  let near = 0;
  let far = 0;
  for (let y = 0; y < plain.height; y++) {
    for (let i = 0; i < 3 * plain.width; i++) {
      const at = 3 * y * plain.width + i;
      if (plain.data[at] === drawn.data[at]) continue;
      const value = image.data[3 * y * image.width + i]!;
      ink++;
      near += Math.abs(value - drawn.data[at]!);
      far += Math.abs(value - plain.data[at]!);
    }
  }
  expect(ink).toBeGreaterThan(1000);
  expect(near / ink).toBeLessThan((0.5 * far) / ink);
}

describe('detect on a video', () => {
  it('detects in each frame, and saves it with boxes and sound', async () => {
    const folder = await temporaryFolder();
    const clip = await party(folder);
    const out = join(folder, 'new', 'found.mp4');
    const records = recordsOf(await detect(clip, '--json', '--save', out));

    expect(records.map(({ file, frame }) => [file, frame])).toEqual(
      Array.from({ length: FRAMES }, (_, i) => [clip, i + 1]),
    );
    expect(records.map(({ time }) => time)).toEqual(records.map((_, i) => expect.closeTo(i / 10, 5) as number));
    for (const { width, height } of records) expect([width, height]).toEqual([481, 301]);
    // Somebody is found in each frame, and moves with it.
    const edges = records.map(({ detections }) => Math.min(...detections.map(({ box }) => box.xmin)));
    expect(edges.at(-1)! - edges[0]!).toBeGreaterThan(0.7 * STEP * (FRAMES - 1));
    expect(edges.at(-1)! - edges[0]!).toBeLessThan(1.3 * STEP * (FRAMES - 1));

    expect(streamsOf(out)).toMatchObject([
      { codec_name: 'h264', width: 482, height: 302, nb_read_frames: String(FRAMES), avg_frame_rate: '10/1' },
      { codec_name: 'aac' },
    ]);
    expect(timesOf(out)).toEqual(timesOf(clip));
    const before = await framesOf(clip);
    const after = await framesOf(out);
    for (const [i, { image }] of after.entries()) {
      const drawn = await annotate(before[i]!.image, records[i]!.detections);
      expectInk(image, before[i]!.image, drawn);
    }
    expect(await filesBelow(folder)).toEqual(['new/found.mp4', 'party.mp4']);
  });

  it('follows people across a line, and draws their numbers and the counts', async () => {
    const folder = await temporaryFolder();
    const clip = await party(folder);
    const out = join(folder, 'found.mp4');
    const outcome = await detect(
      clip,
      '--line',
      'door=120,301,120,0',
      '--line',
      'side=420,50,420,250',
      '--zone',
      'room=0,0,480,0,480,300,0,300',
      '--json',
      '--save',
      out,
    );
    const records = recordsOf(outcome) as readonly (FrameRecord & { readonly tracks: FrameTracks })[];
    const ids = records.map(({ detections }) => new Set(detections.flatMap(({ trackId }) => trackId ?? [])));
    const lasting = [...ids[0]!].filter(id => ids.filter(some => some.has(id)).length >= FRAMES - 2);
    expect(lasting.length).toBeGreaterThan(0);
    // People who were left of the door, and are right of it at the end.
    const foot = (frame: number, id: number): number | undefined => {
      const box = records[frame]!.detections.find(({ trackId }) => trackId === id)?.box;
      return box && (box.xmin + box.xmax) / 2;
    };
    const through = lasting.filter(id => foot(0, id)! < 110 && (foot(FRAMES - 1, id) ?? 0) > 130);
    const crossings = records.flatMap(({ tracks }) => tracks.crossings);
    expect(through.length).toBeGreaterThan(0);
    for (const trackId of through) {
      expect(crossings).toContainEqual({ region: 'door', direction: 'in', trackId, label: 'person' });
    }
    const { door, room } = records.at(-1)!.tracks.counts;
    expect(door!.in['person']).toBe(
      crossings.filter(({ direction, label }) => direction === 'in' && label === 'person').length,
    );
    expect(room).toMatchObject({ in: {}, out: {} });
    // The line is drawn.
    const [, plain] = await framesOf(clip);
    const [, drawn] = await framesOf(out);
    const brightness = ({ image }: VideoFrame): number => image.data[3 * (150 * image.width + 420)]!;
    expect(brightness(drawn!)).toBeGreaterThan(brightness(plain!) + 60);
  });

  it('prints who was followed, and writes numbers into tables', async () => {
    const folder = await temporaryFolder();
    const clip = await party(folder);
    const { stdout } = await detect(clip, '--track', '--line', 'door=120,301,120,0');
    expect(stdout).toMatch(/\n {2}\d+ tracked\n {2}door: in \d+ person[^\n]*; out /);
    const table = await detect(clip, '--track', '--format', 'csv');
    expect(table.stdout).toMatch(/^file,.*,ymax,track_id,crossings\n/);
    expect(table.stdout).toMatch(/,person,.*,1,\n/);
  });

  it('explains how lines and zones are written', async () => {
    const { code, stderr } = await detect('clip.mp4', '--line', 'a=1,2,3');
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Must be NAME=x,y,x,y.') as string,
    });
  });

  it.each([
    [['--track', PHOTO], '--track tracks objects through videos, but no input is a video'],
    [['--line', 'door=0,300,640,300', PHOTO], 'try: Name a video or a camera, or leave out --line.'],
    [['--line', 'a=1,2,1,2', 'clip.mp4'], "line 'a' starts and ends at the same point"],
    [['--zone', 'a=1,2,3,4', 'clip.mp4'], "zone 'a' has 2 points and needs 3 points or more"],
    [['--zone', 'a=1,2,3,4,x,6', 'clip.mp4'], "zone 'a' has points that are not numbers"],
    [['--line', 'a=0,0,9,9', '--zone', 'a=0,0,9,9,0,9', 'clip.mp4'], "two lines or zones are named 'a'"],
  ])('refuses %j', async (args, message) => {
    const folder = await temporaryFolder();
    const clip = join(folder, 'clip.mp4');
    await writeFile(clip, '');
    const named = args.map(arg => (arg === 'clip.mp4' ? clip : arg));
    expectFailure(await detect(...named), 2, message);
  });

  it('prints a summary of the video, not of each frame', async () => {
    const folder = await temporaryFolder();
    const { code, stdout, stderr } = await detect(await party(folder), '--save', folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^model: /);
    expect(stderr).toContain(`\nsaved ${join(folder, 'party-detected.mp4')}\n`);
    expect(stdout.trimStart()).toMatch(
      /^\S+party\.mp4: 12 frames in [\d.]+ s, [\d.]+ per second\n {2}\d+ found; at most \d+ person[^\n]* in one frame\n$/,
    );
  });

  it('processes every n-th frame, and keeps its boxes in between', async () => {
    const folder = await temporaryFolder();
    const clip = await party(folder);
    const out = join(folder, 'found.mkv');
    const records = recordsOf(await detect(clip, '--every', '5', '--json', '--save', out));
    expect(records.map(({ frame }) => frame)).toEqual([1, 6, 11]);
    const before = await framesOf(clip);
    const after = await framesOf(out);
    expect(after).toHaveLength(FRAMES);
    const stale = await annotate(before[3]!.image, records[0]!.detections);
    expectInk(after[3]!.image, before[3]!.image, stale);
  });

  it('stops after --max-frames, and so does the sound', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'found.mp4');
    const records = recordsOf(await detect(await party(folder), '--max-frames', '5', '--json', '--save', out));
    expect(records).toHaveLength(5);
    expect(streamsOf(out)).toMatchObject([{ nb_read_frames: '5' }, { codec_name: 'aac' }]);
    const [, sound] = streamsOf(out);
    expect(Number(sound!.duration)).toBeLessThan(0.6);
  });

  it('writes results, crops and a report of frames', async () => {
    const folder = await temporaryFolder();
    const clip = await party(folder);
    const [csv, cropped, report] = ['found.csv', 'cropped', 'found.html'].map(name => join(folder, name));
    const some = ['--every', '4', '--top', '1', '--crop', cropped!, '--report', report!];
    expect((await detect(clip, ...some, '--format', 'csv', '-o', csv!)).code).toBe(0);
    const rows = (await readFile(csv!, 'utf8')).trimEnd().split('\n');
    expect(rows[0]).toMatch(/^file,page,frame,time,label,/);
    expect(rows.slice(1).map(row => row.split(',').slice(2, 5))).toEqual([
      ['1', '0', 'person'],
      ['5', '0.4', 'person'],
      ['9', '0.8', 'person'],
    ]);
    expect(await filesBelow(cropped!)).toEqual([
      'party-f1-1-person.jpg',
      'party-f5-1-person.jpg',
      'party-f9-1-person.jpg',
    ]);
    const page = await readFile(report!, 'utf8');
    expect([...page.matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, name]) => name)).toEqual(
      [1, 5, 9].map(frame => `${clip}, frame ${frame}, at ${((frame - 1) / 10).toFixed(1)} s`),
    );

    const yolo = join(folder, 'yolo');
    expect((await detect(clip, '--every', '6', '--format', 'yolo', '-o', yolo)).code).toBe(0);
    expect(await filesBelow(join(yolo, 'labels'))).toEqual(['party-1.txt', 'party-7.txt']);
  });

  it('reads from a server', async () => {
    const folder = await temporaryFolder();
    const bytes = await readFile(makeClip(join(folder, 'clip.mp4'), '160x90', '5', '-movflags', '+faststart'));
    const server = createServer(({ url }, response) => {
      if (url === '/clip.mp4') response.end(bytes);
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const records = recordsOf(await detect(`${address}/clip.mp4`, '--json'));
    expect(records.map(({ frame, width }) => [frame, width])).toEqual([1, 2, 3, 4, 5].map(frame => [frame, 160]));
    expectFailure(await detect(`${address}/gone.mp4`, '--json'), 1, '/gone.mp4 cannot be read as a video: ', '404');
  });
});

describe('detect on several inputs', () => {
  it.runIf(process.platform !== 'win32')('reads a pipe once, as it comes', async () => {
    const folder = await temporaryFolder();
    const [clip, pipe] = [join(folder, 'clip.mkv'), join(folder, 'pipe.mkv')];
    makeClip(clip, '160x90', '10');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const detectIn = async (...options: readonly string[]): Promise<number> => {
      const writer = spawn('cp', [clip, pipe]);
      const records = recordsOf(await detect(pipe, '--json', ...options));
      writer.kill();
      expect(records.map(({ frame }) => frame)).toEqual(records.map((_, i) => i + 1));
      return records.length;
    };
    const out = join(folder, 'found.mp4');
    expect(await detectIn('--save', out)).toBe(10);
    expect(await framesOf(out)).toHaveLength(10);
    expect(await detectIn('--max-frames', '2')).toBe(2);
    await expect(probeVideo(pipe)).rejects.toMatchObject({ code: 'io', remedy: expect.any(String) as string });
  });

  it('processes images and videos together, and continues after a bad one', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'in', 'sub'), { recursive: true });
    const at = (name: string): string => join(folder, 'in', name);
    await sharp(PHOTO).resize(160, 145).toFile(at('a.jpg'));
    makeClip(at('b.mp4'), '160x90', '4');
    await writeFile(at('c.mp4'), 'no video');
    makeClip(at('sub/d.avi'), '161x91', '4', '-c:v', 'mpeg4');
    await sharp(PHOTO).resize(160, 145).toFile(at('sub/e.png'));
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await detect(join(folder, 'in'), '--save', out, '--format', 'jsonl');
    const records = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as FrameRecord);
    expect(records.map(({ file, frame }) => [file.slice(at('/').length), frame])).toEqual([
      ['a.jpg', undefined],
      ...[1, 2, 3, 4].map(frame => ['b.mp4', frame]),
      ['c.mp4', undefined],
      ...[1, 2, 3, 4].map(frame => ['sub/d.avi', frame]),
      ['sub/e.png', undefined],
    ]);
    const reason = 'cannot be read as a video: Invalid data found when processing input';
    expect({ code, stderr }).toEqual({ code: 1, stderr: `decant: ${at('c.mp4')} ${reason}\n` });
    const written = ['a-detected.jpg', 'b-detected.mp4', 'decant-detections.jsonl'];
    expect(await filesBelow(out)).toEqual([...written, 'sub/d-detected.mp4', 'sub/e-detected.png']);
    expect(streamsOf(join(out, 'sub', 'd-detected.mp4'))).toMatchObject([
      { width: 162, height: 92, nb_read_frames: '4' },
    ]);
  });

  it('resumes after finished videos', async () => {
    const folder = await temporaryFolder();
    makeClip(join(folder, 'a.mp4'), '160x90', '3');
    makeClip(join(folder, 'b.mp4'), '160x90', '300');
    const out = join(folder, 'out');
    const args = [join(folder, 'a.mp4'), join(folder, 'b.mp4'), '--save', out];
    const interrupted = await decant(['detect', CENTERNET, ...args, '--format', 'jsonl'], {
      interruptWhen: stdout => stdout.includes('b.mp4","frame":3'),
    });
    expect(interrupted.code).toBe(130);
    expect(await filesBelow(out)).toEqual(['a-detected.mp4', 'decant-detections.jsonl']);
    const { mtimeMs } = await stat(join(out, 'a-detected.mp4'));
    makeClip(join(folder, 'b.mp4'), '160x90', '2');
    const resumed = await decant(['detect', CENTERNET, ...args, '--resume', '--json']);
    expect(recordsOf(resumed).map(({ file, frame, time }) => [file.at(-5), frame, time])).toEqual([
      ...[['a', 1, 0], ['a', 2, 0.333333], ['a', 3, 0.666667]],
      ...[['b', 1, 0], ['b', 2, 0.5]],
    ]); // prettier-ignore
    expect((await stat(join(out, 'a-detected.mp4'))).mtimeMs).toBe(mtimeMs);
  });
});

describe('an interruption', () => {
  /** ffmpeg processes with a folder in their command line. */
  async function processesAbout(folder: string): Promise<readonly string[]> {
    const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
    const lines = await Promise.all(ids.map(id => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
    return lines.filter(line => line.startsWith('/') && line.includes('ffmpeg') && line.includes(folder));
  }

  it('of a file exits at once, and leaves neither files nor processes', async () => {
    const folder = await temporaryFolder();
    const clip = makeClip(join(folder, 'clip.mp4'), '320x180', '300');
    const args = ['detect', CENTERNET, clip, '--save', join(folder, 'found.mp4'), '--format', 'jsonl'];
    const { code, stderr } = await decant(args, { interruptWhen: stdout => stdout.split('\n').length > 3 });
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'decant: interrupted\n' });
    expect(await filesBelow(folder)).toEqual(['clip.mp4']);
    await expect.poll(() => processesAbout(folder)).toEqual([]);
  });

  it('of a camera finishes the video', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'found.mp4');
    const args = ['detect', CENTERNET, await rtspCamera(), PHOTO, '--format', 'jsonl'];
    const found = await temporaryFolder();
    const { code, stdout, stderr } = await decant([...args, '--save', found], {
      interruptWhen: text => text.split('\n').length > 4,
    });
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    const records = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as FrameRecord);
    // The image after it is not processed.
    expect(records.every(({ frame }, i) => frame === i + 1)).toBe(true);
    expect(await filesBelow(found)).toEqual(['decant-detections.jsonl', 'porch-detected.mp4']);
    const video = join(found, 'porch-detected.mp4');
    expect(streamsOf(video)).toMatchObject([{ width: 160, height: 96, nb_read_frames: String(records.length) }]);

    const enough = await decant([...args.slice(0, 3), '--max-frames', '3', '--json', '--save', out]);
    expect(recordsOf(enough).map(({ frame }) => frame)).toEqual([1, 2, 3]);
    expect(streamsOf(out)).toMatchObject([{ nb_read_frames: '3' }]);
  });
});

describe('detect rejects', () => {
  it('videos without ffmpeg', async () => {
    const clip = makeClip(join(await temporaryFolder(), 'clip.mp4'), '160x90', '2');
    const run = (env: Readonly<Record<string, string>>): Promise<Outcome> =>
      // Checked before the model.
      decant(['detect', 'missing.json', clip], { env });
    expectFailure(await run({ PATH: '/nowhere' }), 1, 'ffmpeg, which is not on the PATH', 'try: Install ffmpeg');
    expectFailure(await run({ DECANT_FFMPEG: '/nowhere/ffmpeg' }), 1, "DECANT_FFMPEG is '/nowhere/ffmpeg'", 'try: ');
  });

  it('truncated videos and missing cameras', async () => {
    const folder = await temporaryFolder();
    const clip = makeClip(join(folder, 'clip.mp4'), '160x90', '10');
    const bytes = await readFile(clip);
    await writeFile(clip, bytes.subarray(0, bytes.length - 2000));
    const out = join(folder, 'found.mp4');
    expectFailure(await detect(clip, '--json', '--save', out), 1, `${clip} cannot be read as a video: `);

    makeClip(clip, '160x90', '10', '-movflags', '+faststart');
    await truncate(clip, Math.floor((await readFile(clip)).length / 2));
    const { code, stdout, stderr } = await detect(clip, '--format', 'jsonl', '--save', out);
    const frames = stdout.trimEnd().split('\n').length - 1;
    expect(stderr).toContain(`decant: ${clip} is corrupt or truncated after ${frames} of 10 frames: `);
    expect(code).toBe(1);

    if (process.platform === 'linux') {
      expectFailure(
        await detect('camera:4321', '--json', '--save', out),
        1,
        'camera /dev/video4321 does not exist',
        'try: ',
      );
    }
    expect(await filesBelow(folder)).toEqual(['clip.mp4']);
  });

  it('invalid options', async () => {
    const folder = await temporaryFolder();
    const clip = makeClip(join(folder, 'clip.mp4'), '160x90', '2');
    await copyFile(clip, join(folder, 'other.mp4'));
    const out = join(folder, 'found.mp4');
    const stream = 'rtsp://127.0.0.1:9/porch';
    expectFailure(
      await detect(clip, '--save', 'found.jpg'),
      2,
      'found.jpg does not end in the extension of a writable video format',
      '.mp4',
    );
    expectFailure(await detect(folder, '--save', out), 2, 'cannot save 2 inputs to one file');
    expectFailure(await detect(stream, '--report', 'found.html'), 2, 'the length of rtsp:', 'try: ');
    expectFailure(await detect(stream, '--json'), 1, `${stream} cannot be read as a video: `, 'Connection refused');
  });
});
