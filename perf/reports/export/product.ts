/**
 * What an export uses of the report room: the way of rows from the cursor into files. A door of its
 * own, since whatever else were loaded here would count as memory of the export.
 */
export { createFolderStore } from '../../../subgraphs/report/src/artifacts/folder-store.ts';
export { questionOf, reportTable } from '../../../subgraphs/report/src/figures/report-question.ts';
export type { Report } from '../../../subgraphs/report/src/storage/report-entity.ts';
export { createOutput } from '../../../subgraphs/report/src/worker/output.ts';
export { withReader } from '../../../subgraphs/report/src/worker/reader.ts';
