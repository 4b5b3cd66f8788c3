import { ensureFolder } from '../platform/ensure-folder.ts';
import type { Config } from '../runtime/config.ts';

/** Returns the configuration that makes OpenVINO keep compiled models in a folder, which is created. */
export const cacheConfig = async (cacheDir: string | undefined): Promise<Config> =>
  cacheDir === undefined ? {} : { CACHE_DIR: await ensureFolder(cacheDir) };
