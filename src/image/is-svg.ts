/** Enough for the spaces that libvips allows before the first tag. */
const HEAD_BYTES = 1024;

/** Whether bytes are XML or gzip, of which only SVGs among the supported images consist. */
export const isSvg = (bytes: Uint8Array): boolean =>
  /^(?:\xef\xbb\xbf)?\s*<|^\x1f\x8b/.test(Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1'));
