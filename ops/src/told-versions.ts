/** What a reader of a feed has been told already. */
export type ToldVersions = {
  /** 0 for what was never told. */
  of(key: string): number;
  add(key: string, version: number): void;
  /** This version was told before the log has come to it. */
  ahead(key: string, version: number): void;
  /** The log has come to this version. */
  logged(key: string, version: number): void;
  /** The part of a position that names what was told ahead of it; empty for nothing. */
  aheadText(): string;
  /** Reads that part of a position again. */
  addAhead(position: string): void;
};

/** Both are bounded: of more than that, the oldest are forgotten, and could be told twice. */
const MOST_REMEMBERED = 5_000;
const MOST_AHEAD = 20;

/** Remembers the last version that was told of each key, none of them for ever. */
export function createToldVersions(): ToldVersions {
  const told = new Map<string, number>();
  const ahead = new Map<string, number>();
  const add = (key: string, version: number): void =>
    remember(told, { key, version, size: MOST_REMEMBERED });
  return {
    of: (key) => told.get(key) ?? 0,
    add,
    ahead: (key, version) => remember(ahead, { key, version, size: MOST_AHEAD }),
    logged(key, version) {
      if (version >= (ahead.get(key) ?? Number.POSITIVE_INFINITY)) ahead.delete(key);
    },
    aheadText() {
      if (ahead.size === 0) return '';
      return `.${Buffer.from(JSON.stringify([...ahead])).toString('base64url')}`;
    },
    addAhead(position) {
      for (const [key, version] of readAhead(position)) {
        add(key, version);
        remember(ahead, { key, version, size: MOST_AHEAD });
      }
    },
  };
}

function remember(
  versions: Map<string, number>,
  { key, version, size }: { key: string; version: number; size: number },
): void {
  versions.delete(key);
  versions.set(key, version);
  for (const oldest of versions.keys()) {
    if (versions.size <= size) return;
    versions.delete(oldest);
  }
}

function readAhead(position: string): [string, number][] {
  const text = position.split('.')[3];
  if (!text) return [];
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as [string, number][];
  } catch {
    return [];
  }
}
