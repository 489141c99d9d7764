/** What a request says, as a tree: `TagSpecification.1.Tag.1.Key=k` is `TagSpecification[0].Tag[0].Key`. */
export class Params {
  readonly #values: ReadonlyMap<string, string>;
  readonly #prefix: string;

  constructor(values: ReadonlyMap<string, string>, prefix = '') {
    this.#values = values;
    this.#prefix = prefix;
  }

  static of(body: string): Params {
    return new Params(new Map(new URLSearchParams(body)));
  }

  get(name: string): string | undefined {
    return this.#values.get(this.#prefix + name);
  }

  inner(name: string): Params {
    return new Params(this.#values, `${this.#prefix}${name}.`);
  }

  /** A list of texts. */
  texts(name: string): string[] {
    return this.#list(name, (path) => this.#values.get(path));
  }

  /** A list of objects. */
  items(name: string): Params[] {
    return this.#list(name, (path) => {
      const prefix = `${path}.`;
      const isThere = [...this.#values.keys()].some((key) => key.startsWith(prefix));
      return isThere ? new Params(this.#values, prefix) : undefined;
    });
  }

  /** Everything below, its names without what is above. */
  entries(): [string, string][] {
    return [...this.#values]
      .filter(([key]) => key.startsWith(this.#prefix))
      .map(([key, value]) => [key.slice(this.#prefix.length), value]);
  }

  #list<T>(name: string, at: (path: string) => T | undefined): T[] {
    const found: T[] = [];
    for (;;) {
      const item = at(`${this.#prefix}${name}.${found.length + 1}`);
      if (item === undefined) return found;
      found.push(item);
    }
  }
}

/** The tags that a request gives to one kind of resource. */
export function tagsFor(params: Params, type: string): Map<string, string> {
  const given = params
    .items('TagSpecification')
    .filter((one) => one.get('ResourceType') === type)
    .flatMap((one) => one.items('Tag'));
  return new Map(given.map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? '']));
}
