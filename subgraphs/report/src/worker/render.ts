import { newId } from '@quantumroute/schema/ids';

import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { csvOf } from '../artifacts/csv.ts';
import { htmlOf } from '../artifacts/html.ts';
import { figureOf } from '../figures/catalogue.ts';
import type { FigureKey } from '../figures/catalogue.ts';
import type { Cells } from '../figures/column.ts';
import { kindOf } from '../figures/kind.ts';
import type { Artifact } from '../storage/artifact-entity.ts';
import type { Fence } from '../storage/fence.ts';
import type { Report, ReportFormat } from '../storage/report-entity.ts';
import type { Computed } from './compute.ts';

/** Writes one file of a report. The attempt is part of its key: attempts never share a file. */
export async function renderArtifact(options: {
  report: Report;
  fence: Fence;
  computed: Computed;
  format: ReportFormat;
  rows: AsyncIterable<Cells>;
  store: ArtifactStore;
}): Promise<Artifact> {
  const { report, fence, computed, format, rows, store } = options;
  const id = newId();
  const extension = format.toLowerCase();
  const storeKey = `${fence.reportId}/${fence.attempt}-${id}.${extension}`;
  const file = await store.write(storeKey, contentOf(format, { report, computed, rows }));
  return {
    id,
    reportId: fence.reportId,
    attempt: fence.attempt,
    format,
    fileName: fileNameOf(report, extension),
    storeKey,
    byteSize: file.byteSize,
    rowCount: computed.rowCount,
    sha256: file.sha256,
  };
}

function contentOf(
  format: ReportFormat,
  { report, computed, rows }: { report: Report; computed: Computed; rows: AsyncIterable<Cells> },
): AsyncIterable<string | Buffer> {
  switch (format) {
    case 'CSV':
      return csvOf(computed.columns, rows);
    case 'HTML':
      return htmlOf({
        ...computed,
        rows,
        title: kindOf(report.kind).title,
        subject: computed.subjectName,
        periodFrom: report.periodFrom,
        periodTo: report.periodTo,
        totals: computed.totals.map((total) => ({
          ...total,
          title: figureOf(total.key as FigureKey).title,
        })),
      });
  }
}

/** Such as `on-time-in-full-2026-11-01-to-2026-11-30.csv`. */
function fileNameOf({ kind, periodFrom, periodTo }: Report, extension: string): string {
  return `${kind.toLowerCase().replaceAll('_', '-')}-${periodFrom}-to-${periodTo}.${extension}`;
}
