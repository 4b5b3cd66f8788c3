import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** SDP of a Motion JPEG stream, RTP payload type 26. */
const DESCRIPTION = [
  ...['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=camera', 'c=IN IP4 0.0.0.0', 't=0 0'],
  ...['m=video 0 RTP/AVP 26', 'a=control:track', ''],
].join('\r\n');

/** Starts an endless RTSP stream of 160 x 96 pixels at 10 frames per second for the duration of a test. Returns its URL. */
export async function rtspCamera(): Promise<string> {
  const players = new Set<Socket>();
  const packets = createSocket('udp4').on('message', packet => {
    // Interleaved with the responses: magic byte, channel, length.
    const head = Buffer.from([0x24, 0, packet.length >> 8, packet.length & 0xff]);
    for (const player of players) player.write(Buffer.concat([head, packet]));
  });
  packets.bind(0, '127.0.0.1');
  await once(packets, 'listening');
  const source = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=10', '-c:v', 'mjpeg', '-huffman', 'default'];
  const rtp = ['-pix_fmt', 'yuvj420p', '-f', 'rtp', `rtp://127.0.0.1:${packets.address().port}`];
  const frames = spawn('ffmpeg', ['-nostdin', '-v', 'error', ...source, ...rtp], { stdio: 'ignore' });

  const server = createServer(socket => {
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
      const requests = text.split('\r\n\r\n');
      text = requests.pop()!;
      for (const request of requests) socket.write(responseTo(request));
      if (requests.some(request => request.includes('PLAY '))) players.add(socket);
    });
    socket.on('close', () => players.delete(socket)).on('error', () => players.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    frames.kill('SIGKILL');
    for (const player of players) player.destroy();
    server.close();
    packets.close();
  });
  return `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/porch`;
}

function responseTo(request: string): string {
  const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? '0';
  const head = ['RTSP/1.0 200 OK', `CSeq: ${sequence}`, 'Session: 1'];
  switch (/[A-Z_]+(?= rtsp)/.exec(request)?.[0]) {
    case 'OPTIONS':
      return [...head, 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN', '', ''].join('\r\n');
    case 'DESCRIBE':
      head.push('Content-Type: application/sdp', `Content-Length: ${DESCRIPTION.length}`);
      return [...head, '', DESCRIPTION].join('\r\n');
    case 'SETUP':
      return [...head, 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1', '', ''].join('\r\n');
    default:
      return [...head, '', ''].join('\r\n');
  }
}
