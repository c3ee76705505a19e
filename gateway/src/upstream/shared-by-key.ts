type Closable = { close(): Promise<void> };

/** One holder's part in something that is shared. */
export type Held<T> = { value: T; release(): Promise<void> };

/** What several hold under one key: opened for the first of them, closed after the last. */
export type SharedByKey<T extends Closable> = {
  hold(key: string, open: () => T): Held<T>;
  /** Closes whatever is left, whoever still holds it. */
  close(): Promise<void>;
};

/** Nothing is open yet. */
export function createSharedByKey<T extends Closable>(): SharedByKey<T> {
  const open = new Map<string, { value: T; holders: number }>();
  return {
    hold(key, make) {
      const shared = open.get(key) ?? { value: make(), holders: 0 };
      open.set(key, shared);
      shared.holders += 1;
      return {
        value: shared.value,
        async release() {
          shared.holders -= 1;
          if (shared.holders > 0) return;
          open.delete(key);
          await shared.value.close();
        },
      };
    },
    async close() {
      const left = [...open.values()];
      open.clear();
      await Promise.all(left.map(({ value }) => value.close()));
    },
  };
}
