/** Runs that have not ended. */
export const LIVE = `status in ('QUEUED', 'RUNNING')`;

/** What a statement that changes a run returns, so that the change can be told: a `RunUpdated`. */
export const EVENT_COLUMNS = `id as "runId", organization_id as "organizationId", status, version`;
