import { badInput } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import type { Connection } from '@quantumroute/ops/page';
import { connectionOf, pageOf } from '@quantumroute/ops/page';
import { decodeCursor, encodeCursor } from '@quantumroute/schema/cursor';
import { isUuid } from '@quantumroute/schema/ids';

import type { FigureKey } from '../figures/catalogue.ts';
import { isFigureKey } from '../figures/catalogue.ts';
import type { EvidencePage, EvidenceStop } from '../figures/evidence.ts';
import { hasEvidence } from '../figures/evidence.ts';
import type { Scope } from '../figures/scope.ts';
import type { KpiParent } from '../resolvers/parents.ts';
import { viewerOf } from './viewer.ts';

type Load = (page: EvidencePage) => Promise<EvidenceStop[] | null>;

/** The stops behind a number, worst first; null where no stop is behind it. */
export async function showEvidence(
  { key, scope, period }: KpiParent,
  { first, after }: { first: number; after?: string | null },
  { identity, load }: { identity: Identity; load: Load },
): Promise<Connection<EvidenceStop> | null> {
  const page = pageOf({ first, after: after ?? null });
  if (!isFigureKey(key) || !hasEvidence(key) || !maySee(identity, scope)) return null;
  const stops = await load({
    figure: key,
    scope,
    period,
    limit: page.limit,
    after: stopAfter(key, page.after),
  });
  return connectionOf(stops ?? [], first, ({ worst, stopId }) =>
    encodeCursor([key, worst, stopId]),
  );
}

/** Whoever got the number may see its stops; checked again, since stops tell more than a number. */
function maySee(identity: Identity, { organizationId, narrow }: Scope): boolean {
  const viewer = viewerOf(identity);
  if (viewer.organizationId !== organizationId) return false;
  return viewer.partnerId === null || (narrow.by === 'partner' && narrow.id === viewer.partnerId);
}

/** The stop that a page starts after; a cursor of another figure is as wrong as a forged one. */
function stopAfter(key: FigureKey, cursor: string | null): EvidenceStop | null {
  if (cursor === null) return null;
  const [figure, worst, stopId] = decodeCursor(cursor) ?? [];
  const isOurs = figure === key && typeof worst === 'number' && typeof stopId === 'string';
  if (isOurs && isUuid(stopId)) return { worst, stopId };
  throw badInput(['after'], 'after needs an endCursor of the same list');
}
