import { isEmpty } from './chart-svg.ts';
import type { FileSource } from './file-source.ts';
import { firstRows } from './file-source.ts';
import { createLocalText } from './local-text.ts';
import { drawCharts } from './pdf-charts.ts';
import { drawDefinitions } from './pdf-definitions.ts';
import { drawHead } from './pdf-head.ts';
import { drawFooters, openPdf } from './pdf-page.ts';
import { drawTable } from './pdf-table.ts';
import { drawTiles } from './pdf-tiles.ts';

/** Thirty pages: who reads on takes another format. */
const MAX_PDF_ROWS = 1_000;

/** A report to print: totals and charts on the first page, then rows, then definitions. */
export async function* pdfOf(source: FileSource): AsyncGenerator<Buffer> {
  const { columns, settings, batches } = source;
  const rows = await firstRows(batches, MAX_PDF_ROWS);
  const summary = await source.summary;
  const texts = createLocalText(settings);
  const pdf = openPdf(summary);
  let y = drawHead(pdf, { summary, settings, texts });
  y = drawTiles(pdf, y, { summary, settings, texts });
  const charts = summary.charts.filter((chart) => !isEmpty(chart));
  y = await drawCharts(pdf, y, { charts, settings });
  y = await drawTable(pdf, y, { columns, rows, rowCount: summary.rowCount, settings, texts });
  drawDefinitions(pdf, y, { totals: summary.totals, settings, texts });
  drawFooters(
    pdf,
    [
      summary.title,
      summary.subject,
      `${texts.day(summary.periodFrom)} – ${texts.day(summary.periodTo)}`,
    ].join('  ·  '),
  );
  pdf.end();
  yield* pdf as unknown as AsyncIterable<Buffer>;
}
