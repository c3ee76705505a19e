import { createEventPublisher, subscribeToEvents } from '@quantumroute/ops/organization-events';
import type { EventConnection } from '@quantumroute/ops/organization-events';
import { organizationRunsChannel, readRunUpdated } from '@quantumroute/schema/events';
import type { RunUpdated } from '@quantumroute/schema/events';

/** Tells that a run changed, after the change is committed. Never throws: rows tell it too. */
export type PublishRun = (event: RunUpdated) => Promise<void>;

const RUN_EVENTS = { channelOf: organizationRunsChannel, read: readRunUpdated };

/** The publishing side. */
export function createRunPublisher(connection: EventConnection) {
  return createEventPublisher<RunUpdated>(RUN_EVENTS, connection);
}

/** The subscribing side, one for a process. */
export function subscribeToRuns(
  connection: EventConnection,
  handlers: { onEvent: (event: RunUpdated) => void; onGap: () => void },
) {
  return subscribeToEvents<RunUpdated>(RUN_EVENTS, connection, handlers);
}
