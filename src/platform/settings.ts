import { hostname } from 'node:os';
import { join } from 'node:path';
import { cacheRoot } from './cache-folder.ts';
import { readFile } from './read-file.ts';
import { writeFiles } from './write-files.ts';

interface Settings {
  /** Device by host name: several machines may share a home directory. */
  readonly devices: Readonly<Record<string, string>>;
}

const MAX_BYTES = 2 ** 20;

const settingsPath = (): string => join(cacheRoot(), 'settings.json');

export async function rememberedDevice(): Promise<string | undefined> {
  return (await readSettings()).devices[hostname()];
}

export async function rememberDevice(device: string | undefined): Promise<void> {
  const { [hostname()]: before, ...others } = (await readSettings()).devices;
  if (device === before) return;
  const settings: Settings = { devices: device === undefined ? others : { ...others, [hostname()]: device } };
  const text = `${JSON.stringify(settings, undefined, 2)}\n`;
  await writeFiles([{ path: settingsPath(), parts: [new TextEncoder().encode(text)] }]);
}

async function readSettings(): Promise<Settings> {
  const text = await readFile(settingsPath(), MAX_BYTES).then(String, () => '{}');
  const devices = devicesIn(text);
  return { devices: Object.fromEntries(Object.entries(devices).filter(([, device]) => typeof device === 'string')) };
}

function devicesIn(text: string): Readonly<Record<string, string>> {
  try {
    return (JSON.parse(text) as Partial<Settings> | null)?.devices ?? {};
  } catch {
    return {};
  }
}
