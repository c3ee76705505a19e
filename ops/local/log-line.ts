/** One line of a service's output. */
export type LogLine = { level: 'debug' | 'info' | 'warn' | 'error'; text: string };

/** Reads a line: pino's JSON, or anything else, which only a crash or a bug writes. */
export function readLogLine(line: string): LogLine {
  const entry = parsed(line);
  if (!entry) return { level: 'error', text: line };
  const details = [entry.err?.message, entry.requestId && `request ${entry.requestId}`];
  const extra = details.filter((detail) => detail && detail !== entry.msg).join(', ');
  const text = entry.msg ?? line;
  return { level: levelOf(entry.level), text: extra ? `${text} (${extra})` : text };
}

type Entry = {
  level: number | string;
  msg?: string;
  requestId?: string;
  err?: { message?: string };
};

function parsed(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Partial<Entry>;
    return entry.level === undefined ? undefined : (entry as Entry);
  } catch {
    return undefined;
  }
}

const LEVELS: Record<string, number> = { trace: 10, debug: 20, info: 30, warn: 40 };

function levelOf(level: number | string): LogLine['level'] {
  const number = typeof level === 'number' ? level : (LEVELS[level] ?? 50);
  if (number >= 50) return 'error';
  if (number >= 40) return 'warn';
  return number >= 30 ? 'info' : 'debug';
}
