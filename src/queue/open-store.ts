import { folderStore } from './folder-store.ts';
import type { ResultStore } from './result-store.ts';
import { isS3, parseS3, s3Client } from './s3-client.ts';
import { s3Store } from './s3-store.ts';

/** Opens a store at a folder, or at `s3://BUCKET/PREFIX`. */
export const openStore = (place: string): ResultStore =>
  isS3(place) ? s3Store(s3Client(), parseS3(place)) : folderStore(place);
