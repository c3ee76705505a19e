import { LeaseLostError } from '../storage/fence.ts';
import type { Fence } from '../storage/fence.ts';

/** Dead workers are noticed after the lease; canceled ones that heard no event stop at the next beat. */
export const LEASE_MS = 4_000;
export const HEARTBEAT_MS = 700;

/**
 * Renews the lease until it is stopped. Calls `lost` once when the attempt is over, or when the
 * database was away for so long that somebody else may have taken the report.
 */
export function startHeartbeat(options: {
  fence: Fence;
  renew: () => Promise<void>;
  lost: (error: LeaseLostError) => void;
}): { stop(): void } {
  const { fence, renew, lost } = options;
  let renewedAt = performance.now();
  let stopped = false;
  const beat = async () => {
    const startedAt = performance.now();
    try {
      await renew();
      renewedAt = startedAt;
    } catch (error) {
      const tooLate = performance.now() - renewedAt > LEASE_MS;
      if (error instanceof LeaseLostError || tooLate) {
        if (!stopped) lost(new LeaseLostError(fence));
        return;
      }
    }
    if (!stopped) timer = setTimeout(beat, HEARTBEAT_MS);
  };
  let timer = setTimeout(beat, HEARTBEAT_MS);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
