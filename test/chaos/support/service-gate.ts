/**
 * Lets requests through while the service is meant to be up, and knows when none is under way. Between a
 * kill and the look at what is left nobody sends anything, so that what is seen is what the kill left.
 */
export class ServiceGate {
  #open = Promise.withResolvers<void>();
  #isOpen = false;
  #underWay = 0;
  #quiet: (() => void)[] = [];

  open(): void {
    this.#isOpen = true;
    this.#open.resolve();
  }

  /** Nothing new goes through; what is under way goes on to its end. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#open = Promise.withResolvers<void>();
  }

  /** Returns when nothing is under way. */
  async quiet(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#quiet.push(resolve));
  }

  /** Does the work when the service is up. Null: it failed, as it does when the service dies. */
  async attempt<T>(work: () => Promise<T>): Promise<T | null> {
    while (!this.#isOpen) await this.#open.promise;
    this.#underWay += 1;
    try {
      return await work();
    } catch {
      return null;
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) for (const resolve of this.#quiet.splice(0)) resolve();
    }
  }
}
