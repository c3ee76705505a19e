/** Where a page of a list by name starts: after this row. */
export type NameKey = { name: string; id: string };

/** Where a page of a list by time starts: after this row. */
export type TimeKey = { at: Date; id: string };

/** Which rows of a list to read: at most `limit`, those after `after`. */
export type PageOf<Key> = { limit: number; after: Key | null };
