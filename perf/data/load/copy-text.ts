/** What a column takes; arrays are of text, everything else goes as JSON in `json`. */
export type CopyValue =
  | string
  | number
  | boolean
  | Date
  | null
  | readonly string[]
  | { json: unknown };

/** One line of COPY's text format: the row's values of these columns, null where it has none. */
export function copyLine(
  row: Readonly<Record<string, CopyValue>>,
  columns: readonly string[],
): string {
  let line = '';
  for (const column of columns) line += `${line === '' ? '' : '\t'}${field(row[column] ?? null)}`;
  return `${line}\n`;
}

function field(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof Date) return instantText(value);
  if ('json' in value) return escaped(JSON.stringify(value.json));
  return escaped(`{${value.map(element).join(',')}}`);
}

// A data set has millions of instants in few different minutes.
const minutes = new Map<number, string>();
const MINUTES_KEPT = 100_000;

function instantText(date: Date): string {
  const instant = date.getTime();
  const minute = Math.floor(instant / 60_000);
  let text = minutes.get(minute);
  if (text === undefined) {
    if (minutes.size >= MINUTES_KEPT) minutes.clear();
    text = date.toISOString().slice(0, 17);
    minutes.set(minute, text);
  }
  const milliseconds = instant - minute * 60_000;
  return `${text}${milliseconds < 10_000 ? '0' : ''}${milliseconds / 1000}Z`;
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
