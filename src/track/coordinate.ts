/**
 * One coordinate that moves at a nearly constant speed: a Kalman filter of the position in pixels and the speed in pixels
 * per frame, with the covariance of the two. Deviations are standard deviations in pixels.
 */
export class Coordinate {
  #position: number;
  #speed = 0;
  #varPosition: number;
  #covariance = 0;
  #varSpeed: number;

  constructor(position: number, positionDeviation: number, speedDeviation: number) {
    this.#position = position;
    this.#varPosition = positionDeviation ** 2;
    this.#varSpeed = speedDeviation ** 2;
  }

  get position(): number {
    return this.#position;
  }

  stop(): void {
    this.#speed = 0;
  }

  /** Moves on by one frame, in which position and speed may change at random by the deviations. */
  predict(positionDeviation: number, speedDeviation: number): void {
    this.#position += this.#speed;
    this.#varPosition += 2 * this.#covariance + this.#varSpeed + positionDeviation ** 2;
    this.#covariance += this.#varSpeed;
    this.#varSpeed += speedDeviation ** 2;
  }

  correct(measured: number, deviation: number): void {
    const variance = this.#varPosition + deviation ** 2;
    const gain = this.#varPosition / variance;
    const speedGain = this.#covariance / variance;
    const error = measured - this.#position;
    this.#position += gain * error;
    this.#speed += speedGain * error;
    this.#varSpeed -= speedGain * this.#covariance;
    this.#covariance *= 1 - gain;
    this.#varPosition *= 1 - gain;
  }
}
