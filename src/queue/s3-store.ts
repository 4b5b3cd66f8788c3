import type { ResultStore } from './result-store.ts';
import type { S3Client, S3Place } from './s3-client.ts';

/** The objects whose keys begin with the key of `place`. */
export function s3Store(client: S3Client, { bucket, key }: S3Place): ResultStore {
  const root = key === '' ? '' : key.replace(/\/?$/, '/');
  const at = (name: string): S3Place => ({ bucket, key: `${root}${name}` });
  return {
    place: `s3://${bucket}/${root}`,
    put: (name, text) => client.put(at(name), text),
    get: async name => new TextDecoder().decode(await client.get(at(name))),
    list: async folder => (await client.list(at(`${folder}/`))).map(found => found.slice(root.length)).sort(),
  };
}
