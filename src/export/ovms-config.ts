import { DecantError } from '../errors.ts';

interface Config {
  readonly model_config_list: readonly ModelConfig[];
  readonly [key: string]: unknown;
}

interface ModelConfig {
  readonly config: { readonly name: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** Where containers of OpenVINO Model Server mount the repository. */
export const MOUNT = '/models';

/**
 * Returns the text of OpenVINO Model Server's `config.json` with a model added; what it says about other models, or about
 * this one, stays as it is.
 *
 * @throws DecantError `malformed` if `text` is not such a file
 */
export function configWith(text: string | undefined, path: string, name: string): string {
  const config = text === undefined ? EMPTY : parse(text, path);
  const models = config.model_config_list;
  const all = models.some(model => model.config.name === name)
    ? models
    : [...models, { config: { name, base_path: `${MOUNT}/${name}` } }];
  return `${JSON.stringify({ ...config, model_config_list: all }, undefined, 2)}\n`;
}

const EMPTY: Config = { model_config_list: [] };

function parse(text: string, path: string): Config {
  try {
    const config = JSON.parse(text) as unknown;
    if (isConfig(config)) return config;
  } catch {
    // Told below.
  }
  throw new DecantError('malformed', `${path} is not a valid OpenVINO Model Server configuration`, {
    remedy: 'Fix or remove it, or choose another folder.',
  });
}

const isConfig = (json: unknown): json is Config =>
  isObject(json) &&
  Array.isArray(json['model_config_list']) &&
  json['model_config_list'].every(
    model => isObject(model) && isObject(model['config']) && typeof model['config']['name'] === 'string',
  );

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null;
