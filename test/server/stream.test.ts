import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { RunningServer } from '../../src/server/start-server.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
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
  readonly detections?: readonly { readonly label: string }[];
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
