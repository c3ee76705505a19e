/** A part of a table: rows and columns from the first to before the last. */
export type Block = {
  readonly rows: readonly [first: number, end: number];
  readonly columns: readonly [first: number, end: number];
};

/** Cuts a table into parts of at most `maxCoordinates` rows and columns together. */
export function blocksOf(
  { rows, columns }: { rows: number; columns: number },
  maxCoordinates: number,
): Block[] {
  const half = Math.floor(maxCoordinates / 2);
  const height = Math.min(rows, Math.max(half, maxCoordinates - columns));
  const width = Math.min(columns, maxCoordinates - height);
  return stripes(rows, height).flatMap((rowStripe) =>
    stripes(columns, width).map((columnStripe) => ({ rows: rowStripe, columns: columnStripe })),
  );
}

function stripes(length: number, thickness: number): [number, number][] {
  return Array.from({ length: Math.ceil(length / thickness) }, (_, index) => [
    index * thickness,
    Math.min(length, (index + 1) * thickness),
  ]);
}

/** Calls `work` for every item, at most `limit` at a time; begins none after the first failure, which it rejects with. */
export async function forEachAtMost<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items].toReversed();
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) {
      await work(item).catch((error: unknown) => {
        left.length = 0;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
