import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { httpClient } from './http-client.ts';

it('reads the whole body after the server has disconnected', async () => {
  const sent = Buffer.alloc(4 << 20, 'x');
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${sent.byteLength}\r\nConnection: close\r\n\r\n`);
      socket.end(sent);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const client = await httpClient(10_000);
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  for (let i = 0; i < 3; i++) {
    const reply = await client.get(url, {});
    // The connection ends before anything is read.
    await sleep(100);
    let length = 0;
    for await (const chunk of reply.body()) {
      length += chunk.byteLength;
      await sleep(0);
    }
    expect(length).toBe(sent.byteLength);
  }
  await client.close();
});
