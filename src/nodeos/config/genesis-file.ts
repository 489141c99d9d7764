/**
 * What keeps a text from being the genesis file of a chain, or null. nodeos says little of a file that
 * is none, and of one that is empty nothing. The two keys are those that it cannot do without
 * (`nodeos --extract-genesis-json` writes them, with the configuration).
 */
export function genesisProblem(text: string): string | null {
  let genesis: unknown;
  try {
    genesis = JSON.parse(text);
  } catch (error) {
    return `it is not JSON (${(error as Error).message})`;
  }
  if (typeof genesis !== 'object' || genesis === null) return 'it is not a JSON object';
  const missing = ['initial_timestamp', 'initial_key'].filter(
    (key) => typeof (genesis as Record<string, unknown>)[key] !== 'string',
  );
  return missing.length === 0 ? null : `it has no ${missing.join(' and no ')}`;
}
