/** JSON schemas of requests and answers, for validation and for the OpenAPI document. */

export const ERRORS = {
  '4xx': { description: 'The request is wrong.', $ref: 'error#' },
  '5xx': { description: 'The server cannot answer now: 503 with Retry-After if its queue is full.', $ref: 'error#' },
} as const;

export const ERROR_SCHEMA = {
  $id: 'error',
  type: 'object',
  required: ['error', 'code'],
  properties: {
    error: { type: 'string', description: 'What is wrong, in one sentence.' },
    code: { type: 'string', description: "decant's error code, such as bad-image." },
    remedy: { type: 'string', description: 'What to do.' },
  },
} as const;

export const MODEL_PARAMS = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', description: 'Name of the model.' },
    version: { type: 'string', pattern: '^[0-9]+$', description: 'Version of the model; the newest by default.' },
  },
} as const;

export interface ModelParams {
  readonly name: string;
  readonly version?: string;
}

export const FILTERS = {
  type: 'object',
  properties: {
    threshold: { type: 'number', minimum: 0, maximum: 1, default: 0.5, description: 'Lowest score to report.' },
    classes: { type: 'string', description: 'Classes to report: person,dog,7 (names or ids).' },
    'max-detections': {
      type: 'integer',
      minimum: 0,
      description: 'Most detections to report per image.',
    },
  },
} as const;

export interface Filters {
  readonly threshold: number;
  readonly classes?: string;
  readonly 'max-detections'?: number;
}
