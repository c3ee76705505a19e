import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { FileSettings } from '../artifacts/file-settings.ts';
import type { Summary } from '../artifacts/summary.ts';
import type { Cells, ReportColumn } from '../figures/column.ts';
import type { Artifact } from '../storage/artifact-entity.ts';
import type { Fence } from '../storage/fence.ts';
import type { Report, ReportFormat } from '../storage/report-entity.ts';
import { renderArtifact } from './render.ts';

export type WriteFiles = {
  readonly report: Report;
  readonly fence: Fence;
  readonly store: ArtifactStore;
  readonly signal: AbortSignal;
  readonly columns: readonly ReportColumn[];
  readonly settings: FileSettings;
};

export type ReportFiles = {
  /** Resolves when every file is ready for more; throws what the first failing file threw. */
  take(rows: readonly Cells[]): Promise<void>;
  finish(summary: Summary): Promise<readonly Artifact[]>;
  discard(reason: unknown): Promise<void>;
};

/** Writes all files of a report side by side, each with a batch of rows waiting at most. */
export function startFiles(options: WriteFiles): ReportFiles {
  const summary = Promise.withResolvers<Summary>();
  const files = options.report.formats.map((format) =>
    startFile(options, { format, summary: summary.promise }),
  );
  const written = Promise.all(files.map(({ artifact }) => artifact));
  // Told to whoever takes part next; nobody may be listening yet.
  written.catch(() => undefined);
  summary.promise.catch(() => undefined);
  const discard = async (reason: unknown) => {
    summary.reject(reason);
    for (const { rows } of files) rows.abort(reason).catch(() => undefined);
    await Promise.allSettled(files.map(({ artifact }) => artifact));
  };
  const onAbort = () => void discard(options.signal.reason);
  options.signal.addEventListener('abort', onAbort, { once: true });
  return {
    discard,
    take: async (batch) => {
      const accepted = Promise.all(files.map(({ rows }) => rows.write(batch)));
      // A file that fails stops taking rows: why it failed is what counts.
      await accepted.catch(() => written);
    },
    finish: async (result) => {
      summary.resolve(result);
      for (const { rows } of files) rows.close().catch(() => undefined);
      const artifacts = await written;
      options.signal.removeEventListener('abort', onAbort);
      return artifacts;
    },
  };
}

type File = {
  readonly rows: WritableStreamDefaultWriter<readonly Cells[]>;
  readonly artifact: Promise<Artifact>;
};

function startFile(
  { report, fence, store, columns, settings }: WriteFiles,
  { format, summary }: { format: ReportFormat; summary: Promise<Summary> },
): File {
  const { readable, writable } = new TransformStream<readonly Cells[], readonly Cells[]>();
  const batches = readable.values();
  const source = { columns, settings, summary, batches };
  const artifact = renderArtifact({ report, fence, format, source, store });
  // A store that gives up need not have looked at its rows: the next batch would wait for ever.
  artifact.catch(() => batches.return?.());
  return { rows: writable.getWriter(), artifact };
}
