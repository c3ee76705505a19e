/**
 * What somebody who follows a map was told: everything that a snapshot of the database shows, as
 * PostgreSQL writes it. Vehicles that have no room in one frame are told in the order of their ids;
 * meanwhile those up to one of them were told what a later snapshot shows.
 */
export type MapPosition = {
  readonly told: string;
  readonly sweep: { readonly told: string; readonly upTo: string } | null;
};

/** Nothing was told yet. */
export const NOTHING_TOLD: MapPosition = { told: '1:1:', sweep: null };

/** Its text for the gateway. */
export function mapPositionText({ told, sweep }: MapPosition): string {
  return [told, ...(sweep ? [sweep.told, sweep.upTo] : [])].join(' ');
}

/** Reads what `mapPositionText` has written; null for anything else. */
export function readMapPosition(text: string): MapPosition | null {
  const [, told, sweptTo, upTo] = WRITTEN.exec(text) ?? [];
  if (told === undefined) return null;
  return { told, sweep: sweptTo && upTo ? { told: sweptTo, upTo } : null };
}

/** Whether a snapshot shows what no other one of this database can: the database is another one. */
export function isBeyond({ told }: MapPosition, present: string): boolean {
  return endOf(told) > endOf(present);
}

/**
 * A snapshot names each open transaction. Of so many that its text would be too long, all that have
 * ended since the oldest of them began are told again.
 */
export function boundedSnapshot(text: string): string {
  if (text.length <= LONGEST) return text;
  const [oldest = '1'] = text.split(':');
  return `${oldest}:${oldest}:`;
}

const LONGEST = 800;
const SNAPSHOT = '[1-9]\\d{0,18}:[1-9]\\d{0,18}:(?:\\d{1,19}(?:,\\d{1,19})*)?';
const WRITTEN = new RegExp(`^(${SNAPSHOT})(?: (${SNAPSHOT}) ([\\da-f-]{36}))?$`);

/** The first transaction that had not begun. */
function endOf(snapshot: string): bigint {
  return BigInt(snapshot.split(':')[1] ?? 0);
}
