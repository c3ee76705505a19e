/** All that the bench knows of the report room: how a change of a report is told. */
export { createReportPublisher } from '../../subgraphs/report/src/live/report-events.ts';
export { EVENT_COLUMNS, eventOf } from '../../subgraphs/report/src/storage/report-event.ts';
export type { EventRow } from '../../subgraphs/report/src/storage/report-event.ts';
