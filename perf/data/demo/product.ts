/** What a test of the demo asks of the route room: how it would tell of what was generated. */
export { stopFinished } from '../../../subgraphs/route/src/outbox/stop-finished.ts';
export { openStorage } from '../../../subgraphs/route/src/storage/open-storage.ts';
export { finishedRoute } from '../../../subgraphs/route/src/storage/stores/finished-routes.ts';
export { finishedStops } from '../../../subgraphs/route/src/storage/stores/finished-stops.ts';
