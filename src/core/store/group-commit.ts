/** The change could not be written. Nothing has changed, in memory or on disk; it may be tried again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** Decides on a change against what is decided so far, and returns what to answer once it is on disk. */
export type Decide<View, Result> = (view: View) => () => Result;

interface Request<View> {
  decide: Decide<View, unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * One loop in which all waiting requests are decided one after the other and written together, so
 * that many requests share one wait for the disk. An answer, refusals included, is given only when
 * everything it rests on is durable.
 */
export class GroupCommit<View> {
  #queue: Request<View>[] = [];
  #running: Promise<void> | null = null;
  readonly #begin: () => View;
  readonly #write: (view: View) => Promise<void>;
  readonly #afterwards: () => Promise<void>;

  /**
   * @param begin a view of the state to decide against
   * @param write makes the view's changes durable and then visible; throws StoreUnavailable otherwise
   * @param afterwards upkeep after a batch is answered; must not throw
   */
  constructor(
    begin: () => View,
    write: (view: View) => Promise<void>,
    afterwards: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#begin = begin;
    this.#write = write;
    this.#afterwards = afterwards;
  }

  /** @throws StoreUnavailable, or what `decide` throws */
  submit<Result>(decide: Decide<View, Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#queue.push({ decide, resolve: (result) => resolve(result as Result), reject });
      this.#running ??= this.#run();
    });
  }

  /** Returns when nothing is waiting any more. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // Requests that arrive in the same turn of the event loop go into the first batch too.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      await this.#commit(batch);
      await this.#afterwards();
    }
    this.#running = null;
  }

  async #commit(batch: Request<View>[]): Promise<void> {
    const view = this.#begin();
    const answers = batch.map((request) => decideOne(request, view));
    try {
      await this.#write(view);
    } catch (error) {
      for (const request of batch) request.reject(error);
      return;
    }
    for (const answer of answers) answer();
  }
}

function decideOne<View>(request: Request<View>, view: View): () => void {
  let answer: () => unknown;
  try {
    answer = request.decide(view);
  } catch (error) {
    return () => request.reject(error);
  }
  return () => {
    try {
      request.resolve(answer());
    } catch (error) {
      request.reject(error);
    }
  };
}
