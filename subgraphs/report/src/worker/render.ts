import { inPartSpan } from '@quantumroute/ops/work-spans';
import { newId } from '@quantumroute/schema/ids';

import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { csvOf } from '../artifacts/csv.ts';
import type { FileSource } from '../artifacts/file-source.ts';
import { htmlOf } from '../artifacts/html.ts';
import { jsonlOf } from '../artifacts/jsonl.ts';
import { xlsxOf } from '../artifacts/xlsx.ts';
import type { Artifact } from '../storage/artifact-entity.ts';
import type { Fence } from '../storage/fence.ts';
import type { Report, ReportFormat } from '../storage/report-entity.ts';

/** Writes one file of a report. The attempt is part of its key: attempts never share a file. */
export async function renderArtifact(options: {
  report: Report;
  fence: Fence;
  format: ReportFormat;
  source: FileSource;
  store: ArtifactStore;
}): Promise<Artifact> {
  const { report, fence, format, source, store } = options;
  const id = newId();
  const extension = format.toLowerCase();
  const storeKey = `${fence.reportId}/${fence.attempt}-${id}.${extension}`;
  const file = await inPartSpan(`render ${format}`, () =>
    store.write(storeKey, contentOf(format, source)),
  );
  const { rowCount } = await source.summary;
  return {
    id,
    reportId: fence.reportId,
    attempt: fence.attempt,
    format,
    fileName: fileNameOf(report, extension),
    storeKey,
    byteSize: file.byteSize,
    rowCount,
    sha256: file.sha256,
  };
}

function contentOf(format: ReportFormat, source: FileSource): AsyncIterable<string | Buffer> {
  switch (format) {
    case 'CSV':
      return csvOf(source);
    case 'JSONL':
      return jsonlOf(source);
    case 'XLSX':
      return xlsxOf(source);
    case 'HTML':
      return htmlOf(source);
    case 'PDF':
      return pdf(source);
  }
}

/** Its library and fonts are loaded for the first PDF only. */
async function* pdf(source: FileSource): AsyncGenerator<Buffer> {
  const { pdfOf } = await import('../artifacts/pdf.ts');
  yield* pdfOf(source);
}

/** Such as `on-time-in-full-2026-11-01-to-2026-11-30.csv`. */
function fileNameOf({ kind, periodFrom, periodTo }: Report, extension: string): string {
  return `${kind.toLowerCase().replaceAll('_', '-')}-${periodFrom}-to-${periodTo}.${extension}`;
}
