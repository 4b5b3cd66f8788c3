import { expect, it } from 'vitest';
import { DecantError } from '../errors.ts';
import { addressOf } from './model-address.ts';

const fileOf = (text: string): string | undefined => addressOf(text)?.file;
const folderOf = (text: string): string | undefined => addressOf(text)?.folder.replace(/-[0-9a-f]{8}$/, '');

it('accepts names and HTTP(S) URLs, but not paths', () => {
  expect(fileOf('efficientdet_d0')).toBe('efficientdet_d0.tar.gz');
  expect(fileOf('https://example.com/a/b.tar.gz?key=1')).toBe('b.tar.gz');
  for (const path of ['model.json', './a/b', '/a/b', 'C:\\models\\a.pb', '']) expect(addressOf(path)).toBeUndefined();
  expect(() => addressOf('s3://bucket/a')).toThrow(DecantError);
  expect(() => addressOf('http://[::1')).toThrow("'http://[::1' is not a valid URL");
});

it('requests the archive from hubs', () => {
  const handle = addressOf('https://tfhub.dev/tensorflow/efficientdet/d0/1')!;
  expect(handle.url.href).toBe('https://tfhub.dev/tensorflow/efficientdet/d0/1?tf-hub-format=compressed');
  expect(handle).toEqual(addressOf('efficientdet_d0'));
  expect(fileOf('https://tfhub.dev/google/openimages_v4/ssd/1')).toBe('ssd.tar.gz');
  expect(fileOf('https://www.kaggle.com/models/a/b/frameworks/tensorFlow2/variations/some-net/versions/3')).toBe(
    'some-net.tar.gz',
  );
  const files = addressOf('https://tfhub.dev/a/tfjs-model/b/1?tfjs-format=compressed')!;
  expect(files.url.search).toBe('?tfjs-format=compressed');
});

it('returns file names that are valid on every system', () => {
  expect(fileOf('https://example.com')).toBe('model');
  expect(fileOf('https://example.com/a/..%2f..%2fetc%2fpasswd')).toBe('_.._etc_passwd');
  expect(fileOf('https://example.com/.hidden')).toBe('hidden');
  expect(fileOf('https://example.com/a%20b%00%E0.pb')).toBe('a_20b_00_E0.pb');
  expect(fileOf('https://example.com/a%20b:c.pb')).toBe('a_b_c.pb');
  expect(fileOf(`https://example.com/${'x'.repeat(300)}.pb`)).toHaveLength(100);
});

it('returns a unique, recognizable folder per URL', () => {
  expect(folderOf('https://example.com/centernet/model.json')).toBe('centernet');
  expect(folderOf('https://example.com/a/b.tar.gz')).toBe('b');
  const [one, other] = ['https://example.com/1/model.pb', 'https://example.com/2/model.pb'].map(addressOf);
  expect(one!.folder).not.toBe(other!.folder);
});
