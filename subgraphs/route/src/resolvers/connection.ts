import { badInput } from '@quantumroute/ops/failures';
import { boundedCount } from '@quantumroute/ops/page';

const MAX_COUNT = 10_000;

/** `count` of a connection, the same for every list. */
export const connectionCount = {
  async count(
    parent: { countUpTo(limit: number): Promise<number> },
    { upTo }: { upTo: number },
  ): Promise<{ value: number; precision: 'EXACT' | 'AT_LEAST' }> {
    if (upTo < 1 || upTo > MAX_COUNT) {
      throw badInput(['upTo'], `upTo needs a whole number from 1 to ${MAX_COUNT}, got ${upTo}`);
    }
    return boundedCount(await parent.countUpTo(upTo + 1), upTo);
  },
};
