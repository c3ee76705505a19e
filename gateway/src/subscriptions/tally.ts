import { failure } from '@quantumroute/ops/failures';

/** One of a limited number of seats; leaving it twice is leaving it once. */
export type Seat = { leave(): void };

/** Counts seats in total and for each client. */
export type Tally = {
  /** Throws SERVICE_UNAVAILABLE when all seats are taken, RATE_LIMITED when the client's are. */
  take(client: string): Seat;
};

/** Nobody's count is kept who has no seat. */
export function createTally({
  total = Number.POSITIVE_INFINITY,
  perClient = Number.POSITIVE_INFINITY,
  onChange = () => undefined,
}: {
  total?: number;
  perClient?: number;
  /** Told how many seats are taken. */
  onChange?: (taken: number) => void;
}): Tally {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(client) {
      const own = taken.get(client) ?? 0;
      if (own >= perClient) {
        throw failure('RATE_LIMITED', 'Too much is open for this client', { retryAfterSeconds: 5 });
      }
      if (all >= total) {
        throw failure('SERVICE_UNAVAILABLE', 'Too much is open', { retryAfterSeconds: 5 });
      }
      taken.set(client, own + 1);
      all += 1;
      onChange(all);
      let isTaken = true;
      return {
        leave() {
          if (!isTaken) return;
          isTaken = false;
          all -= 1;
          onChange(all);
          const left = (taken.get(client) ?? 1) - 1;
          if (left === 0) taken.delete(client);
          else taken.set(client, left);
        },
      };
    },
  };
}
