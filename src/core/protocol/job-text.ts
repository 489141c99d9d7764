/**
 * The text form of a record: `job_id=1, replay_slice_id=1, …, end_time=None`, its fields in the
 * record's order. Null is written as Python writes it.
 */
export function recordText(record: object): string {
  return Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value === null ? 'None' : String(value)}`)
    .join(', ');
}
