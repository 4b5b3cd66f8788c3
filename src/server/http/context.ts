import type { ModelRepository } from '../models/model-repository.ts';
import type { Metrics } from '../metrics.ts';
import type { ServerLimits } from '../server-options.ts';
import type { FetchImageUrl } from './fetch-image-url.ts';

/** What the routes of a server share. */
export interface ServerContext {
  readonly models: ModelRepository;
  readonly limits: ServerLimits;
  readonly metrics: Metrics;
  /** Undefined if no image may be fetched. */
  readonly fetchUrl: FetchImageUrl | undefined;
  /** Whether the server takes new requests: false while it shuts down. */
  readonly isOpen: () => boolean;
}
