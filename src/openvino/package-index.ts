import { collectBytes } from '../pipeline/collect-bytes.ts';
import { DecantError } from '../errors.ts';
import type { HttpClient } from '../download/http-client.ts';
import { fitsHere, wheelName } from './wheel-name.ts';

export interface IndexedWheel {
  readonly url: URL;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

interface IndexFile {
  readonly name: string;
  readonly url: string;
  readonly sha256: string | undefined;
}

/** The page of a project lists every file of every release. */
const MAX_PAGE_BYTES = 2 ** 25;

/** PEP 691, or else PEP 503. */
const ACCEPT = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1';

/** Finds the wheel of a release for this machine in a package index, such as `https://index.example.com/simple`. */
export async function findWheel(
  client: HttpClient,
  index: URL,
  version: string,
  signal: AbortSignal | undefined,
): Promise<IndexedWheel> {
  const page = new URL(index);
  page.pathname = `${page.pathname.replace(/\/+$/, '')}/openvino/`;
  const files = await readPage(client, page, signal);
  const ofRelease = files.filter(({ name }) => wheelName(name)?.version === version);
  const fitting = ofRelease.filter(({ name }) => wheelName(name)!.platforms.some(fitsHere));
  // Newer Pythons come later.
  const file = fitting.at(-1);
  if (file === undefined) throw noWheel(page, version, ofRelease.length > 0);
  if (file.sha256 === undefined) {
    throw new DecantError('malformed', `${page.host} does not state the SHA-256 of ${file.name}`, {
      remedy: 'Download the wheel in another way, and pass it with --wheel FILE.',
    });
  }
  return { url: new URL(file.url, page), sha256: file.sha256.toLowerCase() };
}

async function readPage(client: HttpClient, page: URL, signal?: AbortSignal): Promise<readonly IndexFile[]> {
  const reply = await client.get(page, { accept: ACCEPT }, signal);
  if (reply.status !== 200) {
    reply.discard();
    throw new DecantError('network', `the index ${page.host} responded with ${reply.status} for ${page.pathname}`, {
      remedy: 'Pass the URL of a Python package index, whose pages are below it: https://index.example.com/simple.',
    });
  }
  const problem = `the page ${page.href} is larger than any index`;
  const bytes = await collectBytes(reply.body(), MAX_PAGE_BYTES, () => new DecantError('limit', problem));
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return /json/i.test(reply.header('content-type') ?? '') ? filesInJson(text, page) : filesInHtml(text);
}

function filesInJson(text: string, page: URL): readonly IndexFile[] {
  try {
    const { files } = JSON.parse(text) as {
      readonly files: readonly {
        readonly filename: string;
        readonly url: string;
        readonly hashes?: { readonly sha256?: string };
      }[];
    };
    return files.map(({ filename, url, hashes }) => ({ name: filename, url, sha256: hashes?.sha256 }));
  } catch (cause) {
    throw new DecantError('malformed', `${page.host} did not send a page of a package index`, { cause });
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
};

const filesInHtml = (text: string): readonly IndexFile[] =>
  [...text.matchAll(/<a\b[^>]*?\bhref\s*=\s*["']([^"']*)["']/gi)].map(([, href]) => {
    const url = href!.replaceAll(/&(?:amp|quot|#39|lt|gt);/g, entity => ENTITIES[entity]!);
    const [path, hash = ''] = url.split('#');
    return { name: path!.replace(/^.*\//s, ''), url: path!, sha256: /(?:^|&)sha256=([0-9a-f]{64})/i.exec(hash)?.[1] };
  });

const noWheel = (page: URL, version: string, otherPlatforms: boolean): DecantError =>
  new DecantError(
    'not-found',
    otherPlatforms
      ? `${page.host} has openvino ${version} only for other platforms than ${process.platform}-${process.arch}`
      : `${page.host} has no openvino ${version}`,
    { remedy: 'Pass another index with --index URL, or a wheel with --wheel FILE.' },
  );
