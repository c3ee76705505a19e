/** All that the bench knows of the report room: its statements and what fills its tables. */
export type { Sql } from '../../subgraphs/report/src/storage/sql.ts';
export { numbered, sql } from '../../subgraphs/report/src/storage/sql.ts';
export type { FigureKey } from '../../subgraphs/report/src/figures/catalogue.ts';
export { TILES } from '../../subgraphs/report/src/actions/measure-kpis.ts';
export { measureStatement } from '../../subgraphs/report/src/figures/measure.ts';
export type { Reading } from '../../subgraphs/report/src/figures/source.ts';
export { questionOf, reportTable } from '../../subgraphs/report/src/figures/report-question.ts';
export { scorecardList } from '../../subgraphs/report/src/figures/lists/scorecard-list.ts';
export { tabulate } from '../../subgraphs/report/src/figures/tabulate.ts';
export { rollUpNext } from '../../subgraphs/report/src/facts/roll-up.ts';
export { openStorage } from '../../subgraphs/report/src/storage/open-storage.ts';
export { ATTEMPT_FLAGS } from '../../subgraphs/report/src/worker/own-process.ts';
