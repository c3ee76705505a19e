import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { readPosition } from './live-event.ts';
import type { GapReason } from './live-event.ts';
import { redisScript } from './redis-script.ts';

/** One kind of event on its way through Redis, on a channel of its own for each organization. */
export type OrganizationEvents<E extends { organizationId: string }> = {
  /** The channel of an organization, given its UUID. */
  readonly channelOf: (prefix: string, organizationId: string) => string;
  /** The event inside a message; null for anything else. */
  readonly read: (message: string) => E | null;
};

/** One kind of event whose last ones are kept for whoever resumes. */
export type LoggedEvents<E extends { organizationId: string }> = OrganizationEvents<E> & {
  /** What it is about: an event of a version that is not newer than the last one is no news. */
  readonly keyOf: (event: E) => string;
  readonly versionOf: (event: E) => number;
};

/** A place in the log of one organization. */
export type LogPosition = {
  /** Changes whenever the log began anew. */
  epoch: string;
  /** Counts the events of an epoch without holes. */
  sequence: number;
  /** When the event was appended, by the clock of Redis. */
  atMs: number;
};

/** `event` is null when nobody here can read it. */
export type LogEntry<E> = { position: LogPosition; event: E | null };

/** What follows a position, or why that cannot be told. */
export type LogReading<E> =
  | { kind: 'entries'; entries: LogEntry<E>[] }
  | { kind: 'gap'; reason: GapReason };

/** The last events of each organization, in order. Everything rejects while Redis is away. */
export type EventLog<E> = {
  /** The last events of each organization that are kept. */
  readonly capacity: number;
  /**
   * Appends what is news, and tells it on the organization's channel, in one step. `isCut`: there may
   * be older news that nobody has appended; if any of these is news, the log begins anew with them.
   */
  append(
    organizationId: string,
    events: readonly E[],
    options?: { isCut?: boolean },
  ): Promise<void>;
  /** Where the next event will follow. */
  head(organizationId: string): Promise<LogPosition>;
  /** At most `limit` events after a position. */
  after(organizationId: string, position: LogPosition, limit: number): Promise<LogReading<E>>;
  /**
   * Takes the turn at looking for changes that nobody appended: null when somebody else has had it
   * within `everyMs`, otherwise until when all logs are known to be complete, 0 for nobody knows.
   */
  takeTurn(everyMs: number): Promise<number | null>;
  /** All changes up to then are in the logs. */
  isCompleteUntil(atMs: number): Promise<void>;
};

/**
 * Keeps the last `capacity` events of each organization in a Redis Stream. Appending the same version
 * twice is harmless, so that whoever knows of a change may tell it. A log that was flushed begins a
 * new epoch. One whose server was started again goes on, far behind what it may have lost: who was
 * told of that is told of a gap, and all others what follows.
 */
export function createEventLog<E extends { organizationId: string }>(
  { channelOf, read, keyOf, versionOf }: LoggedEvents<E>,
  { redis, prefix, capacity = 2_000 }: { redis: Redis; prefix: string; capacity?: number },
): EventLog<E> {
  const placeOf = (organizationId: string) => {
    const channel = channelOf(prefix, organizationId);
    // The braces keep the keys of one log on one node of a cluster.
    return { channel, keys: ['log', 'head', 'versions'].map((part) => `{${channel}}:${part}`) };
  };
  const append = async (
    organizationId: string,
    events: readonly E[],
    { isCut = false }: { isCut?: boolean } = {},
  ): Promise<LogPosition> => {
    const { channel, keys } = placeOf(organizationId);
    const told = events.flatMap((event) => [keyOf(event), versionOf(event), JSON.stringify(event)]);
    const values = [channel, newEpoch(), capacity, KEPT_SECONDS, isCut ? 1 : 0, ...told];
    const [epoch, sequence, atMs] = (await APPEND.run(redis, keys, values)) as HeadReply;
    return { epoch, sequence: Number(sequence), atMs: Number(atMs) };
  };
  const ofAll = `{${channelOf(prefix, NO_ORGANIZATION)}}`;
  return {
    capacity,
    async append(organizationId, events, options) {
      await append(organizationId, events, options);
    },
    head: (organizationId) => append(organizationId, []),
    async after(organizationId, { epoch, sequence }, limit) {
      const { keys } = placeOf(organizationId);
      const reply = (await AFTER.run(redis, keys, [epoch, sequence, limit])) as AfterReply;
      if (typeof reply === 'string') return { kind: 'gap', reason: reply };
      const entries = reply.map(([id, [, text, , atMs]]) => ({
        position: { epoch, sequence: Number.parseInt(id, 10), atMs: Number(atMs) },
        event: read(text),
      }));
      return { kind: 'entries', entries };
    },
    async takeTurn(everyMs) {
      const isOurs = await redis.set(`${ofAll}:turn`, '1', 'PX', everyMs, 'NX');
      return isOurs ? Number(await redis.get(`${ofAll}:complete`)) : null;
    },
    async isCompleteUntil(atMs) {
      await redis.set(`${ofAll}:complete`, atMs);
    },
  };
}

/** A position as text, of the form that `readPosition` reads. */
export function positionText({ epoch, sequence, atMs }: LogPosition): string {
  return `${epoch}.${sequence}.${atMs}`;
}

/** Reads what `positionText` has written; null for anything else. */
export function readLogPosition(text: string): LogPosition | null {
  const position = readPosition(text);
  const atMs = Number(/^[^.]*\.\d+\.(\d{1,15})(?:\.|$)/.exec(text)?.[1]);
  if (!position || Number.isNaN(atMs)) return null;
  return { epoch: position.epoch, sequence: position.number, atMs };
}

type HeadReply = [epoch: string, sequence: string, atMs: string];
type EntryReply = [id: string, fields: [string, string, string, string, ...string[]]];
type AfterReply = GapReason | EntryReply[];

const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000';
/** What nobody added to for so long is forgotten. */
const KEPT_SECONDS = 7 * 24 * 3_600;

function newEpoch(): string {
  return randomBytes(9).toString('base64url');
}

/**
 * A server that was started again may have lost what it had not yet written to its disk, and whoever
 * knows of it will append it again. Those numbers are not given twice: an entry without an event
 * says where the log goes on.
 */
const PRESENT = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local known = redis.call('HMGET', KEYS[2], 'run', 'epoch', 'sequence')
local epoch, sequence = known[2], tonumber(known[3])
local time = redis.call('TIME')
local atMs = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
local function add(event, key, version)
  sequence = sequence + 1
  redis.call('XADD', KEYS[1], string.format('%d-0', sequence), 'event', event, 'at', atMs, 'key', key, 'version', version)
end
local function keep()
  redis.call('HSET', KEYS[2], 'run', run, 'epoch', epoch, 'sequence', string.format('%d', sequence))
end
if epoch and known[1] ~= run then
  sequence = sequence + 1000000
  add('', '', '0')
  keep()
end
`;

const APPEND = redisScript(`${PRESENT}
local function isNews(at)
  return tonumber(ARGV[at + 1]) > tonumber(redis.call('HGET', KEYS[3], ARGV[at]) or -1)
end
if ARGV[5] == '1' then
  for at = 6, #ARGV, 3 do
    if isNews(at) then epoch = nil end
  end
end
if not epoch then
  epoch, sequence = ARGV[2], 0
  redis.call('DEL', KEYS[1], KEYS[3])
end
for at = 6, #ARGV, 3 do
  if isNews(at) then
    redis.call('HSET', KEYS[3], ARGV[at], ARGV[at + 1])
    add(ARGV[at + 2], ARGV[at], ARGV[at + 1])
    redis.call('PUBLISH', ARGV[1], ARGV[at + 2])
  end
end
for _ = 1, redis.call('XLEN', KEYS[1]) - ARGV[3] do
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  local key, version = oldest[2][6], oldest[2][8]
  redis.call('XDEL', KEYS[1], oldest[1])
  if redis.call('HGET', KEYS[3], key) == version then redis.call('HDEL', KEYS[3], key) end
end
keep()
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[4]) end
return { epoch, string.format('%d', sequence), atMs }
`);

const AFTER = redisScript(`${PRESENT}
local from = tonumber(ARGV[2])
if not epoch or epoch ~= ARGV[1] or from > sequence then return 'RESET' end
if from == sequence then return {} end
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local first = oldest and tonumber(string.match(oldest[1], '^%d+'))
if not first or first > from + 1 then
  return oldest and oldest[2][2] == '' and 'RESET' or 'TRIMMED'
end
local place = string.format('%d-0', from)
if first <= from and #redis.call('XRANGE', KEYS[1], place, place) == 0 then return 'RESET' end
return redis.call('XRANGE', KEYS[1], string.format('%d-0', from + 1), '+', 'COUNT', ARGV[3])
`);
