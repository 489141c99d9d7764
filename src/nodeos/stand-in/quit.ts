/** The request to stop, from a signal or from inside. */
export class Quit {
  #requested = false;
  #listeners: (() => void)[] = [];

  get requested(): boolean {
    return this.#requested;
  }

  /** Calls back when the stop is asked for, before anything that waits for it goes on. */
  onRequest(listener: () => void): void {
    this.#listeners.unshift(listener);
  }

  /** Asks for the stop; further requests change nothing. */
  request(): void {
    if (this.#requested) return;
    this.#requested = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }

  /** Resolves once a stop was asked for, or after the time if one is given. */
  wait(milliseconds?: number): Promise<void> {
    if (this.#requested) return Promise.resolve();
    return new Promise((resolve) => {
      // An idle process has nothing else that keeps it alive; timers take at most 2^31 - 1 ms.
      const timer =
        milliseconds === undefined ? setInterval(() => {}, 2 ** 30) : setTimeout(done, milliseconds);
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
      this.#listeners.push(done);
    });
  }
}
