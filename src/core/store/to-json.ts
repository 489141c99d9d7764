/** A document, or a removal, as NeDB writes it. Ours hold no dates and no keys with a `$` or a dot, which it would treat specially. */
export function toJson(document: object): string {
  return JSON.stringify(document);
}
