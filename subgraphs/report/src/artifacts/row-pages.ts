import type { Cells } from '../figures/column.ts';

type Batches = AsyncIterable<readonly Cells[]>;

/** Cuts rows into pages that are read one after the other, each to its end. */
export function cutIntoPages(
  batches: Batches,
  maxRows: number,
): { next(): Batches; areLeft(): Promise<boolean> } {
  const source = batches[Symbol.asyncIterator]();
  let waiting: readonly Cells[] = [];
  const areLeft = async () => {
    while (waiting.length === 0) {
      const next = await source.next();
      if (next.done === true) return false;
      waiting = next.value;
    }
    return true;
  };
  return {
    areLeft,
    async *next() {
      let room = maxRows;
      while (room > 0 && (await areLeft())) {
        const rows = waiting.slice(0, room);
        waiting = waiting.slice(rows.length);
        room -= rows.length;
        yield rows;
      }
    },
  };
}
