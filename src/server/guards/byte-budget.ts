import { Refusal, unavailable } from '../refusal.ts';

/** Limits the bytes of all requests that are in memory, so that many large ones together do not fill it. */
export class ByteBudget {
  readonly #perRequest: number;
  readonly #total: number;
  #used = 0;

  constructor(perRequest: number, total: number) {
    this.#perRequest = perRequest;
    this.#total = total;
  }

  get used(): number {
    return this.#used;
  }

  /**
   * Reserves memory for a request before it is received.
   *
   * @param length as its header states it; undefined if it is not known
   * @returns a function that ends the reservation
   * @throws DecantError `limit`: with status 413 if the request is too large, 503 if there is no room now
   */
  reserve(length: number | undefined): () => void {
    if (length !== undefined && length > this.#perRequest) {
      throw new Refusal(413, 'limit', `the request has ${length} bytes, the maximum is ${this.#perRequest}`);
    }
    const bytes = length ?? this.#perRequest;
    if (this.#used + bytes > this.#total) throw unavailable('the server is receiving too many large requests');
    this.#used += bytes;
    let isReserved = true;
    return () => {
      if (isReserved) this.#used -= bytes;
      isReserved = false;
    };
  }
}
