const MODEL_FILE = /\.(?:json|pb|pbtxt|meta|tflite)$/i;

/** Returns the name of the only model file among loose files; undefined if they have a folder, which names the model. */
export function nameOf(paths: readonly string[]): string | undefined {
  if (paths.some(path => path.includes('/'))) return undefined;
  const models = paths.filter(path => MODEL_FILE.test(path));
  return models.length === 1 ? models[0] : undefined;
}
