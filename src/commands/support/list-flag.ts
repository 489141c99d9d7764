/**
 * The values of a flag that may be given several times. From the environment oclif hands over one plain
 * string whatever the flag's type says; there, and in each value, commas separate.
 */
export function listOf(value: readonly string[] | string | undefined): string[] {
  const values = typeof value === 'string' ? [value] : (value ?? []);
  return values.flatMap((text) => text.split(',')).flatMap((text) => text.trim() || []);
}
