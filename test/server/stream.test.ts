import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { RunningServer } from '../../src/server/start-server.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { movedPhoto } from '../support/moved-photo.ts';
import { testServer } from '../support/test-server.ts';

useFreshCache();

const KEY = 'clé';
const PROTOCOLS = ['decant', `decant.key.${Buffer.from(KEY).toString('base64url')}`];

let server: RunningServer;
let photo: Buffer;
beforeAll(async () => {
  photo = await readFile(PHOTO);
  server = await testServer({
    models: [
      { name: 'centernet', path: CENTERNET },
      { name: 'liveness', path: LIVENESS },
    ],
    access: { apiKey: KEY },
    limits: { streams: 2, requestBytes: 1_000_000 },
  });
});
afterAll(() => server.close());

interface Frame {
  readonly frame: number;
  readonly error?: string;
  readonly width?: number;
  readonly detections?: readonly { readonly label: string; readonly trackId?: number }[];
  readonly tracks?: { readonly crossings: readonly object[]; readonly counts: object };
}

interface Stream {
  readonly socket: WebSocket;
  /** Returns the next answer. */
  next(): Promise<Frame>;
}

async function open(path: string, protocols: readonly string[] = PROTOCOLS, origin?: string): Promise<Stream> {
  const address = `${server.url.replace('http', 'ws')}/v1/models/${path}`;
  const socket = new WebSocket(address, [...protocols], origin === undefined ? {} : { origin });
  const answers: Frame[] = [];
  let wake = (): void => undefined;
  socket.on('message', data => {
    answers.push(JSON.parse((data as Buffer).toString()) as Frame);
    wake();
  });
  await new Promise<void>((resolve, reject) => socket.on('open', resolve).on('error', reject));
  return {
    socket,
    async next() {
      while (answers.length === 0) await new Promise<void>(resolve => (wake = resolve));
      return answers.shift()!;
    },
  };
}

const closed = ({ socket }: Stream): Promise<number> => new Promise(resolve => socket.on('close', resolve));

it('answers frames, and skips those that a newer one replaces', async () => {
  const stream = await open('centernet/stream?threshold=0.4&classes=person');
  const count = 8;
  for (let i = 0; i < count; i++) stream.socket.send(photo);
  const frames = [await stream.next()];
  while (frames.at(-1)!.frame < count) frames.push(await stream.next());
  expect(frames.length).toBeLessThan(count);
  expect(frames[0]!.frame).toBe(1);
  for (const { width, detections } of frames) {
    expect([width, detections?.map(({ label }) => label)]).toEqual([1280, ['person', 'person']]);
  }

  stream.socket.send(Buffer.from('no image'));
  expect(await stream.next()).toMatchObject({ frame: count + 1, code: 'bad-image' });
  stream.socket.send(photo);
  expect(await stream.next()).toMatchObject({ frame: count + 2, width: 1280 });
  stream.socket.close();
  await closed(stream);
});

it('answers with the reason if the model is no detector', async () => {
  const stream = await open('liveness/stream');
  stream.socket.send(photo);
  expect(await stream.next()).toMatchObject({ frame: 1, code: 'unsupported' });
  stream.socket.close();
  await closed(stream);
});

it('ends on messages that are no frames, or too large', async () => {
  const text = await open('centernet/stream');
  text.socket.send('hello');
  expect(await closed(text)).toBe(1003);
  const large = await open('centernet/stream');
  large.socket.on('error', () => undefined);
  large.socket.send(Buffer.alloc(1_000_001));
  expect(await closed(large)).toBe(1009);
});

it('refuses others', async () => {
  await expect(open('centernet/stream', ['decant'])).rejects.toThrow('401');
  await expect(open('none/stream')).rejects.toThrow('404');
  await expect(open('centernet/stream?threshold=2')).rejects.toThrow('400');
  await expect(open('centernet/stream', PROTOCOLS, 'https://evil.example')).rejects.toThrow('403');
  const streams = [await open('centernet/stream'), await open('centernet/stream')];
  await expect(open('centernet/stream')).rejects.toThrow('503');
  for (const stream of streams) {
    stream.socket.close();
    await closed(stream);
  }
});

it('follows objects, and counts them at lines and zones', async () => {
  const stream = await open(
    'centernet/stream?threshold=0.4&line=door=168,200,168,0&zone=hall=250,0,600,0,600,200,250,200',
  );
  const frames: Frame[] = [];
  for (let i = 1; i <= 5; i++) {
    stream.socket.send(await movedPhoto(20 * i));
    frames.push(await stream.next());
  }
  const crossings = frames.flatMap(({ tracks }) => tracks!.crossings);
  const person = { label: 'person', direction: 'in', trackId: expect.any(Number) as number };
  expect(crossings).toContainEqual({ region: 'door', ...person });
  expect(frames.at(-1)!.tracks!.counts).toMatchObject({
    door: { in: { person: 1 }, out: {} },
    hall: { in: { person: 1 }, out: {} },
  });
  const followed = frames.map(({ detections }) => detections!.map(({ trackId }) => trackId));
  expect(followed.at(-1)).toEqual(expect.arrayContaining(followed[1]!.filter(id => id !== undefined).slice(0, 2)));
  stream.socket.close();
  await closed(stream);

  const tracked = await open('centernet/stream?threshold=0.4&track=1');
  for (let i = 0; i < 2; i++) {
    tracked.socket.send(await movedPhoto(1 + i));
    frames.push(await tracked.next());
  }
  expect(frames.at(-1)!.detections!.map(({ trackId }) => trackId)).toContain(1);
  expect(frames.at(-1)!.tracks).toBeUndefined();
  tracked.socket.close();
  await closed(tracked);
});

it.each([
  'line=door',
  'line=door=1,2,3',
  'zone=hall=1,2,3,4',
  'line=a=1,1,1,1',
  'line=a=1,2,3,4&zone=a=1,2,3,4,5,9',
  'track=yes',
  'lines=a=1,2,3,4',
])('refuses the query %s', async query => {
  await expect(open(`centernet/stream?${query}`)).rejects.toThrow('400');
});
