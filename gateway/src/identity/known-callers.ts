import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Authenticator, Credentials } from './authenticate.ts';
import { ANONYMOUS_CALLER } from './caller.ts';
import type { Caller } from './caller.ts';

/** Callers who have just been authenticated, to be recognised without waiting. */
export type KnownCallers = {
  /** Authenticates those who are not known. */
  authenticate: Authenticator;
  /** Undefined for whoever has to be authenticated first. */
  known(credentials: Credentials): KnownCaller | undefined;
};

/** A caller, and what tells him from others. */
export type KnownCaller = {
  caller: Caller;
  /** Equal for exactly those who are admitted to the same operations and get the same answers. */
  group: string;
  /** Equal for equal groups, and hardly ever for two. */
  groupMark: number;
  /** Equal for exactly the same identity. */
  self: string;
};

/**
 * Remembers who showed which credentials, for ten seconds: so much later a withdrawn key or token is
 * refused. A token's own end counts at once.
 */
export function createKnownCallers(
  authenticate: Authenticator,
  { now = Date.now }: { now?: () => number } = {},
): KnownCallers {
  const seen = new LRUCache<string, Seen>({ max: MOST_CALLERS });
  const anonymous = describeCaller(ANONYMOUS_CALLER);
  const known: KnownCallers['known'] = (credentials) => {
    if (credentials.authorization === undefined && credentials.apiKey === undefined) {
      return anonymous;
    }
    const found = seen.get(endOf(credentials));
    return found && isShownBy(credentials, found) && now() < found.until ? found : undefined;
  };
  return {
    known,
    async authenticate(credentials) {
      const found = known(credentials);
      if (found) return found.caller;
      const caller = await authenticate(credentials);
      const end = endOf(credentials);
      if (end !== '' && shownIn(credentials).length <= LONGEST_SHOWN) {
        const until = Math.min(now() + REMEMBERED_MS, caller.expiresAt ?? Number.POSITIVE_INFINITY);
        seen.set(end, { ...describeCaller(caller), credentials, until });
      }
      return caller;
    },
  };
}

const MOST_CALLERS = 10_000;
const REMEMBERED_MS = 10_000;
const LONGEST_SHOWN = 8_000;

type Seen = KnownCaller & { credentials: Credentials; until: number };

/**
 * By what credentials are found: the end of a token is its signature, and hashing all of it takes
 * longer than comparing it with the one that was found.
 */
function endOf(credentials: Credentials): string {
  return shownIn(credentials).slice(-CHARACTERS_OF_END);
}

const CHARACTERS_OF_END = 43;

function isShownBy({ authorization, apiKey }: Credentials, { credentials }: Seen): boolean {
  return authorization === credentials.authorization && apiKey === credentials.apiKey;
}

function shownIn({ authorization, apiKey }: Credentials): string {
  return authorization ?? apiKey ?? '';
}

/** What tells a caller from others. */
export function describeCaller(caller: Caller): KnownCaller {
  const { kind, subject, organizationId, partnerId, driverId, scopes } = caller.identity;
  const shared = [kind, organizationId, partnerId, driverId, [...new Set(scopes)].sort()];
  const group = digest([...shared, caller.client]);
  return {
    caller,
    group,
    groupMark: crc32(group),
    self: digest([...shared, caller.client, subject]),
  };
}

/** As JSON, since `a:b` + `c` must not be `a` + `b:c`. */
function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
