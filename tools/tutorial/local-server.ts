import { createReadStream } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import sharp from 'sharp';
import { seededImage } from '../../test/support/seeded.ts';
import { type Golden, readGoldens, writeSavedModel } from '../../test/support/zoo-fixtures.ts';

/** Local replacement for the tutorial's two servers. */
export interface LocalServer {
  readonly url: string;
  /** TensorFlow's results for the served image. */
  readonly golden: Golden;
  readonly close: () => void;
}

/** Serves model `name` with seeded weights at any URL below `/models/`, through a redirect, and an image at any other. */
export async function startLocalServer(name: string, folder: string): Promise<LocalServer> {
  const saved = join(folder, 'saved_model');
  const archive = join(folder, `${name}.tar.gz`);
  await writeSavedModel(name, saved);
  await writeFile(archive, gzipSync(await packTar(await entriesOf(saved)), { level: 1 }));
  await rm(saved, { recursive: true });

  const [golden] = await readGoldens(name);
  const [height, width, seed] = golden!.image;
  const image = seededImage(height, width, seed).data as Uint8Array;
  const png = await sharp(image, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path.startsWith('/models/')) response.writeHead(302, { location: `/archives/${name}.tar.gz` }).end();
    else if (path.startsWith('/archives/')) {
      void stat(archive).then(({ size }) => {
        response.writeHead(200, { 'content-length': size });
        createReadStream(archive).pipe(response);
      });
    } else response.writeHead(200, { 'content-type': 'image/png', 'content-length': png.byteLength }).end(png);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}`, golden: golden!, close };
}

async function entriesOf(folder: string) {
  const files = ['saved_model.pb', 'variables/variables.index', 'variables/variables.data-00000-of-00001'];
  return Promise.all(
    files.map(async file => {
      const body = await readFile(join(folder, file));
      return { header: { name: file, size: body.byteLength, type: 'file' as const }, body };
    }),
  );
}
