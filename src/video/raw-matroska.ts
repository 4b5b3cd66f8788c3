import type { Size } from '../image/image.ts';

/**
 * Element ids of Matroska (RFC 9559), the simplest format for raw pixels with timestamps that ffmpeg reads from a pipe. An
 * element is its id, its length and its content.
 */
const ID = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  codecId: 0x86,
  defaultDuration: 0x23e383,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  uncompressedFourCc: 0x2eb524,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

const UNKNOWN_LENGTH = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

const NANOSECONDS = 1e9;

/** Nanoseconds per tick of a timestamp. */
const TICK = 1000;

export const TICKS_PER_SECOND = NANOSECONDS / TICK;

export function matroskaHead({ width, height }: Size, frameRate: number): Uint8Array {
  const ebml = [text(ID.docType, 'matroska'), uint(ID.docTypeVersion, 4), uint(ID.docTypeReadVersion, 2)];
  const info = [uint(ID.timestampScale, TICK), text(ID.muxingApp, 'decant'), text(ID.writingApp, 'decant')];
  const video = [uint(ID.pixelWidth, width), uint(ID.pixelHeight, height), text(ID.uncompressedFourCc, 'RGB\x18')];
  const track = [
    uint(ID.trackNumber, 1),
    uint(ID.trackUid, 1),
    uint(ID.trackType, 1),
    text(ID.codecId, 'V_UNCOMPRESSED'),
    uint(ID.defaultDuration, Math.round(NANOSECONDS / frameRate)),
    element(ID.video, video.flat()),
  ];
  return Uint8Array.from([
    ...element(ID.ebml, ebml.flat()),
    ...bigEndian(ID.segment),
    ...UNKNOWN_LENGTH,
    ...element(ID.info, info.flat()),
    ...element(ID.tracks, element(ID.trackEntry, track.flat())),
  ]);
}

export function matroskaFrame(length: number, timestamp: number): Uint8Array {
  // Track 1, offset 0 from the cluster's timestamp, key frame.
  const block = [0x81, 0, 0, 0x80];
  const header = [
    ...uint(ID.timestamp, timestamp),
    ...bigEndian(ID.simpleBlock),
    ...lengthOf(block.length + length),
    ...block,
  ];
  return Uint8Array.from([...bigEndian(ID.cluster), ...lengthOf(header.length + length), ...header]);
}

const element = (id: number, content: readonly number[]): readonly number[] => [
  ...bigEndian(id),
  ...lengthOf(content.length),
  ...content,
];

const uint = (id: number, value: number): readonly number[] => element(id, bigEndian(value));

const text = (id: number, value: string): readonly number[] => element(id, [...Buffer.from(value, 'latin1')]);

function bigEndian(value: number): readonly number[] {
  const bytes: number[] = [];
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}

/** Encodes a length in eight bytes. */
function lengthOf(length: number): readonly number[] {
  const bytes = bigEndian(length);
  return [0x01, ...Array.from({ length: 7 - bytes.length }, () => 0), ...bytes];
}
