import { failure } from '@quantumroute/ops/failures';
import { resumePosition } from '@quantumroute/ops/live-event';
import type { LiveSource } from '@quantumroute/ops/live-event';
import { decodeId } from '@quantumroute/schema/ids';

import type { RouteContext } from '../context.ts';
import type { BoardEvent } from '../live/board-events.ts';
import { boardCursor } from '../live/board-position.ts';
import { watchBoard } from '../live/watch-board.ts';
import type { SubscriptionBoardUpdatedArgs } from '../resolvers/schema-types.ts';
import { findLogEnd, readChangesOfDay } from '../storage/stores/change-log.ts';

/** What changes at a depot on a day. Nobody learns whether a depot of others exists. */
export async function watchBoardOfDay(
  { scope, em, live }: RouteContext,
  { depotId: id, date, after = null }: SubscriptionBoardUpdatedArgs,
): Promise<LiveSource<BoardEvent>> {
  const { organizationId, partnerId } = scope();
  const depotId = decodeId('depot', id);
  if (depotId === null || partnerId !== null) throw failure('NOT_FOUND', 'There is no such board');
  const day = { organizationId, depotId, date };
  return watchBoard({
    day,
    after: boardCursor.read(resumePosition() ?? after),
    listen: (listener) => live.tail.listen(organizationId, listener),
    findEnd: async () => {
      const wanted = { from: null, organizationIds: [organizationId] };
      return (await findLogEnd(em.fork(), wanted)).horizon;
    },
    read: (wanted) => readChangesOfDay(em.fork(), day, wanted),
  });
}
