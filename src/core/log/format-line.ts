/** Turns one JSON line of the log into a line for people: `10:51:26 warn  message  key=value`. */
export function formatLine(json: string): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(json) as Record<string, unknown>;
  } catch {
    return json;
  }
  const { level, time, msg, ...rest } = fields;
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const details = Object.entries(rest).map(([key, value]) => `  ${key}=${show(value)}`);
  return `${clock} ${String(level).padEnd(5)} ${oneLine(String(msg))}${details.join('')}\n`;
}

function show(value: unknown): string {
  // The stack is for the JSON form; here it would fill the screen.
  if (isError(value)) return JSON.stringify(`${value.name}: ${value.message}`);
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[^\s"=]+$/.test(value) ? oneLine(value) : JSON.stringify(value);
}

function isError(value: unknown): value is { name: string; message: string; stack: unknown } {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'message' in value && 'stack' in value
  );
}

/** They must not start new lines or drive the terminal when they come in foreign text. */
// oxlint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

function oneLine(text: string): string {
  return text.replace(CONTROL_CHARACTERS, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
