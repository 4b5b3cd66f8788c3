import type { ConvertModelOptions } from './convert-model-options.ts';
import type { ResolvedModel } from './resolve-model.ts';
import { type SavableModel, saveModel } from './save-model.ts';

/** Converts a model, or changes an IR, and writes the IR to `xml`. */
export async function convertToFile(model: ResolvedModel, options: ConvertModelOptions, xml: string): Promise<void> {
  await saveModel(await savable(model, options), xml);
}

/** Imports only what is needed: the converter takes longer to load than most models. */
async function savable(model: ResolvedModel, options: ConvertModelOptions): Promise<SavableModel> {
  if (model.kind === 'ir') return (await import('./changed-ir.ts')).changedIr(model.path, options);
  return (await import('./convert-model.ts')).convertResolvedModel(model, options);
}
