import type { WebSocket } from '@fastify/websocket';
import { asDecantError, DecantError } from '../../errors.ts';
import { imageJson } from '../../results/formats/json.ts';
import { jsonText } from '../../results/result-part.ts';
import { Deadline } from '../deadline.ts';
import { bodyOf } from '../error-body.ts';
import type { ServedModel } from '../models/served-model.ts';
import type { ServerLimits } from '../server-options.ts';
import { FrameTracker } from '../../track/frame-tracker.ts';
import { LOW_THRESHOLD } from '../../track/tracker.ts';
import { decodeSentImage } from '../decode-sent-image.ts';
import { selectionOf } from './selection.ts';
import { regionsOf, type StreamQuery } from './stream-query.ts';

/** A message as `ws` delivers it. */
type Message = Buffer | ArrayBuffer | readonly Buffer[];

interface Frame {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Answers the frames of one client, one at a time. A frame that arrives meanwhile replaces the one that waits. */
export class FrameStream {
  readonly #socket: WebSocket;
  readonly #served: ServedModel;
  readonly #query: StreamQuery;
  /** Undefined without tracking. */
  readonly #tracker: FrameTracker | undefined;
  readonly #limits: ServerLimits;
  #deadline: Deadline | undefined;
  #count = 0;
  #newest: Frame | undefined;
  #isBusy = false;

  constructor(socket: WebSocket, served: ServedModel, query: StreamQuery, limits: ServerLimits) {
    this.#socket = socket;
    this.#served = served;
    this.#query = query;
    const regions = regionsOf(query);
    this.#tracker = regions && new FrameTracker(regions, { threshold: query.threshold });
    this.#limits = limits;
  }

  receive(data: Message, isBinary: boolean): void {
    if (!isBinary) {
      this.#socket.close(1003, 'frames are binary messages');
      return;
    }
    this.#newest = { number: ++this.#count, bytes: bytesOf(data) };
    if (!this.#isBusy) void this.#work();
  }

  close(): void {
    this.#deadline?.abort(new DecantError('cancelled', 'the stream has ended'));
    this.#newest = undefined;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let frame = this.#take(); frame !== undefined; frame = this.#take()) {
      await this.#send(jsonText(await this.#answer(frame)));
    }
    this.#isBusy = false;
  }

  #take(): Frame | undefined {
    const frame = this.#newest;
    this.#newest = undefined;
    return frame;
  }

  async #answer({ number, bytes }: Frame): Promise<object> {
    const { imagePixels, timeout } = this.#limits;
    using deadline = new Deadline(timeout);
    this.#deadline = deadline;
    const name = `frame ${number}`;
    try {
      return await this.#served.use(async model => {
        const selection = selectionOf(this.#query, model.labels);
        const tracker = this.#tracker;
        // Low scores continue tracks.
        const lowest = tracker === undefined ? {} : { threshold: Math.min(selection.threshold, LOW_THRESHOLD) };
        const read = () => decodeSentImage(bytes, name, imagePixels);
        const result = await model.detect(read, { ...selection, ...lowest }, deadline.signal);
        const tracked = tracker?.update(result.detections);
        return { ...imageJson({ file: name, frame: number, ...result, ...tracked }), file: undefined };
      });
    } catch (thrown) {
      return { frame: number, ...bodyOf(asDecantError(thrown)) };
    }
  }

  /** Waits until the answer has left, so that a slow client does not fill the memory. */
  #send(text: string): Promise<void> {
    return new Promise(resolve => this.#socket.send(text, () => resolve()));
  }
}

function bytesOf(data: Message): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return data instanceof Uint8Array ? data : Buffer.concat(data);
}
