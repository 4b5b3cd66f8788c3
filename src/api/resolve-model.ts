import { localModel } from '../download/local-model.ts';
import type { DownloadOptions } from '../download/options.ts';
import { isIr } from '../platform/is-ir.ts';

export interface ResolvedModel {
  readonly kind: 'ir' | 'tensorflow';
  readonly path: string;
}

/** Resolves a path, name or URL; names and URLs are downloaded first. */
export async function resolveModel(model: string, options: DownloadOptions = {}): Promise<ResolvedModel> {
  const path = await localModel(model, options);
  return { kind: (await isIr(path)) ? 'ir' : 'tensorflow', path };
}
