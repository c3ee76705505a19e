export type Connectivity = 'ONLINE' | 'STALE' | 'OFFLINE' | 'NEVER_SEEN';

export const OFFLINE_AFTER_SECONDS = 15 * 60;

type Age = {
  /** Of the last position; null when there is none. */
  ageSeconds: number | null;
  /** The organization's threshold. */
  staleAfterSeconds: number;
};

/** How well a vehicle is connected. A threshold of more than 15 minutes leaves no room for STALE. */
export function connectivityOf({ ageSeconds, staleAfterSeconds }: Age): Connectivity {
  if (ageSeconds === null) return 'NEVER_SEEN';
  if (ageSeconds < staleAfterSeconds) return 'ONLINE';
  return ageSeconds < OFFLINE_AFTER_SECONDS ? 'STALE' : 'OFFLINE';
}
