/** Where a message stands. */
export type Position = { partition: number; offset: bigint };

/**
 * Knows up to where everything of each partition is handled, although messages are handled beside
 * each other and end in any order. Only what lies below that may be committed.
 */
export function createHandledOffsets() {
  const partitions = new Map<number, Partition>();
  return {
    /** False when the message is here already: after a rebalance, what is not committed comes again. */
    begin({ partition, offset }: Position): boolean {
      const known = partitions.get(partition) ?? {
        next: offset,
        open: new Set(),
        committed: offset,
      };
      partitions.set(partition, known);
      if (offset < known.next) return false;
      known.next = offset + 1n;
      known.open.add(offset);
      return true;
    },
    end({ partition, offset }: Position): void {
      partitions.get(partition)?.open.delete(offset);
    },
    /** Forgets the partitions that somebody else has now: their offsets are not ours to commit. */
    keepOnly(owned: readonly number[]): void {
      for (const partition of partitions.keys()) {
        if (!owned.includes(partition)) partitions.delete(partition);
      }
    },
    /** The offsets to go on from, of partitions in which something was handled since `committed`. */
    toCommit(): Position[] {
      return [...partitions].flatMap(([partition, known]) => {
        const offset = handledUpTo(known);
        return offset > known.committed ? [{ partition, offset }] : [];
      });
    },
    committed(positions: readonly Position[]): void {
      for (const { partition, offset } of positions) {
        const known = partitions.get(partition);
        if (known !== undefined && offset > known.committed) known.committed = offset;
      }
    },
  };
}

/** `next`: the first offset that was not seen; `open`: seen and not handled yet. */
type Partition = { next: bigint; open: Set<bigint>; committed: bigint };

function handledUpTo({ next, open }: Partition): bigint {
  let lowest = next;
  for (const offset of open) if (offset < lowest) lowest = offset;
  return lowest;
}
