/** What a column takes; arrays are of text, everything else goes as JSON in `json`. */
export type CopyValue =
  | string
  | number
  | boolean
  | Date
  | null
  | readonly string[]
  | { json: unknown };

/** One line of COPY's text format. */
export function copyLine(values: readonly CopyValue[]): string {
  let line = '';
  for (const [index, value] of values.entries()) line += (index === 0 ? '' : '\t') + field(value);
  return `${line}\n`;
}

function field(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof Date) return value.toISOString();
  if ('json' in value) return escaped(JSON.stringify(value.json));
  return escaped(`{${value.map(element).join(',')}}`);
}

function element(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  return /[\\\t\n\r]/.test(text)
    ? text.replace(/[\\\t\n\r]/g, (sign) => ESCAPES[sign] ?? '')
    : text;
}
