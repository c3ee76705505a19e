import type { FileSettings } from '../artifacts/file-settings.ts';
import type { Summary } from '../artifacts/summary.ts';
import type { Cells, ReportColumn } from '../figures/column.ts';
import type { Artifact } from '../storage/artifact-entity.ts';
import type { WriteFiles } from './report-files.ts';
import { startFiles } from './report-files.ts';

/** Where the rows of an attempt go, in one pass and at the speed of the slowest taker. */
export type Output = {
  /** Called before the first row. */
  open(columns: readonly ReportColumn[], settings: FileSettings): void;
  take(rows: readonly Cells[]): Promise<void>;
  /** Ends every file with what its rows amount to. */
  finish(summary: Summary): Promise<Finished>;
  /** Ends every file without a result; settles when nobody writes any more. */
  discard(reason: unknown): Promise<void>;
};

export type Finished = {
  readonly columns: readonly ReportColumn[];
  readonly artifacts: readonly Artifact[];
  readonly storedRows: number;
};

type OutputParts = Omit<WriteFiles, 'columns' | 'settings'> & {
  /** Rows that are kept for paging, from the first on. */
  readonly maxStoredRows: number;
  readonly storeRows: (rows: readonly Cells[], ordinal: number) => Promise<void>;
};

/** The row store and the files of one attempt. */
export function createOutput({ maxStoredRows, storeRows, ...parts }: OutputParts): Output {
  let opened: { columns: readonly ReportColumn[]; files: ReturnType<typeof startFiles> } | null =
    null;
  let storedRows = 0;
  const running = () => {
    if (opened === null) throw new Error('Rows came before their columns');
    return opened;
  };
  return {
    open: (columns, settings) => {
      opened = { columns, files: startFiles({ ...parts, columns, settings }) };
    },
    take: async (rows) => {
      const { files } = running();
      const kept = rows.slice(0, maxStoredRows - storedRows);
      if (kept.length > 0) await storeRows(kept, storedRows);
      storedRows += kept.length;
      await files.take(rows);
    },
    finish: async (summary) => {
      const { columns, files } = running();
      return { columns, storedRows, artifacts: await files.finish(summary) };
    },
    discard: async (reason) => opened?.files.discard(reason),
  };
}
