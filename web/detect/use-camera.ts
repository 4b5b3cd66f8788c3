import { type RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from '../message-of.ts';
import { openStream, type Found } from '../server.ts';
import { Paths } from './paths.ts';
import type { DetectionState } from './use-detection.ts';

/** Longest side of the frames that are sent, in pixels: models make them smaller anyway. */
const LONGEST = 960;

const QUALITY = 0.8;

type FrameAnswer = Found | { readonly error: string };

export interface CameraState extends DetectionState {
  readonly video: RefObject<HTMLVideoElement>;
}

/** Shows the camera in `video`, and detects in its frames, one at a time, while `isOn`. */
export function useCamera(model: string | undefined, isOn: boolean): CameraState {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<DetectionState>({});
  useEffect(() => {
    setState({});
    if (!isOn || model === undefined) return;
    setState({ isBusy: true });
    const abort = new AbortController();
    const fail = (thrown: unknown): void => {
      if (!abort.signal.aborted) setState({ problem: messageOf(thrown) });
      abort.abort();
    };
    follow(model, video, setState, abort.signal).catch(fail);
    return () => abort.abort();
  }, [model, isOn]);
  return { ...state, video };
}

async function follow(
  model: string,
  { current: video }: RefObject<HTMLVideoElement>,
  onState: (state: DetectionState) => void,
  signal: AbortSignal,
): Promise<void> {
  if (video === null) return;
  const stream = await openCamera();
  const stop = (): void => stream.getTracks().forEach(track => track.stop());
  if (signal.aborted) {
    stop();
    return;
  }
  signal.addEventListener('abort', stop);
  video.srcObject = stream;
  await video.play();
  const socket = openStream(model);
  signal.addEventListener('abort', () => socket.close());
  await new Promise<void>((_, reject) => {
    let sent = 0;
    const paths = new Paths();
    const send = async (): Promise<void> => {
      const frame = await frameOf(video);
      if (signal.aborted) return;
      sent = performance.now();
      socket.send(frame);
    };
    socket.onopen = () => void send().catch(reject);
    socket.onmessage = ({ data }) => {
      const answer = JSON.parse(data as string) as FrameAnswer;
      if ('error' in answer) {
        reject(new Error(answer.error));
        return;
      }
      const found = { ...answer, detections: paths.follow(answer.detections) };
      onState({ found, total: performance.now() - sent });
      requestAnimationFrame(() => void send().catch(reject));
    };
    socket.onclose = ({ reason }) => reject(new Error(reason === '' ? 'the server has ended the stream' : reason));
  });
}

/** @throws Error if the page may not use a camera, or there is none */
async function openCamera(): Promise<MediaStream> {
  // Undefined on pages that came over HTTP from another machine, which TypeScript does not know.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) {
    throw new Error('Browsers give pages the camera only over HTTPS, or from this machine.');
  }
  return devices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: LONGEST } } });
}

/** Returns the present frame as JPEG. */
async function frameOf(video: HTMLVideoElement): Promise<Blob> {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight));
  const canvas = new OffscreenCanvas(Math.round(videoWidth * scale), Math.round(videoHeight * scale));
  canvas.getContext('2d')!.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}
