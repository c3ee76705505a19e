import type { ChartSpec } from '../figures/chart.ts';
import type { Cells, ReportColumn } from '../figures/column.ts';
import type { KpiValue } from '../figures/kpi-value.ts';
import { chartSvg } from './chart-svg.ts';
import { pageStyle } from './html-style.ts';
import { cellText } from './number-text.ts';

/** A browser is no place for more: the CSV has them all. */
const MAX_HTML_ROWS = 2_000;

export type HtmlReport = {
  readonly title: string;
  readonly subject: string;
  readonly periodFrom: string;
  readonly periodTo: string;
  readonly dataAsOf: Date;
  /** ISO 4217, for every amount of money. */
  readonly currency: string;
  readonly totals: readonly (KpiValue & { title: string })[];
  readonly charts: readonly ChartSpec[];
  readonly columns: readonly ReportColumn[];
  readonly rowCount: number;
  readonly rows: AsyncIterable<Cells>;
};

/** One file with everything in it: no script, no font, no image from anywhere else. */
export async function* htmlOf(report: HtmlReport): AsyncGenerator<string> {
  yield head(report);
  yield `<section class="totals">${report.totals.map((total) => tile(total, report.currency)).join('')}</section>`;
  for (const chart of report.charts) yield await figure(chart);
  yield tableHead(report);
  let shown = 0;
  for await (const row of report.rows) {
    if (shown === MAX_HTML_ROWS) break;
    yield tableRow(report, row);
    shown += 1;
  }
  yield `</tbody></table></div>${omission(report.rowCount - shown)}`;
  yield definitions(report.totals);
  yield '</main></body></html>\n';
}

/** Text that can stand anywhere in HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function head({ title, subject, periodFrom, periodTo, dataAsOf }: HtmlReport): string {
  const name = escapeHtml(title);
  const asOf = `${dataAsOf.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}: ${escapeHtml(subject)}, ${periodFrom} to ${periodTo}</title>
<style>${pageStyle}</style></head>
<body><main><header><p class="brand">quantumroute</p><h1>${name}</h1>
<p class="facts"><strong>${escapeHtml(subject)}</strong> · ${periodFrom} to ${periodTo}
 · data as of <time datetime="${dataAsOf.toISOString()}">${asOf}</time></p></header>`;
}

function tile(
  { title, value, unit, previous }: HtmlReport['totals'][number],
  currency: string,
): string {
  const before =
    previous === null ? '' : `<p class="before">before: ${cellText(previous, unit, currency)}</p>`;
  return `<article><h2>${escapeHtml(title)}</h2><p class="value">${cellText(value, unit, currency)}</p>${before}</article>`;
}

async function figure(chart: ChartSpec): Promise<string> {
  return `<figure><figcaption>${escapeHtml(chart.title)}</figcaption>${await chartSvg(chart)}</figure>`;
}

function tableHead({ columns }: HtmlReport): string {
  const cells = columns.map(
    ({ title, unit }) =>
      `<th scope="col"${unit === null ? '' : ' class="n"'}>${escapeHtml(title)}</th>`,
  );
  return `<h2>Rows</h2><div class="table"><table><thead><tr>${cells.join('')}</tr></thead><tbody>`;
}

function tableRow({ columns, currency }: HtmlReport, row: Cells): string {
  const cells = columns.map(({ key, unit }) => {
    const text = escapeHtml(cellText(row[key], unit, currency));
    return unit === null ? `<td>${text}</td>` : `<td class="n">${text}</td>`;
  });
  return `<tr>${cells.join('')}</tr>\n`;
}

function omission(count: number): string {
  if (count <= 0) return '';
  return `<p class="omission">${count.toLocaleString('en-GB')} more rows are left out here; a CSV file has them all.</p>`;
}

function definitions(totals: HtmlReport['totals']): string {
  const entries = totals.map(
    ({ title, definition, unit, numerator, denominator }) =>
      `<dt>${escapeHtml(title)}</dt><dd>${escapeHtml(definition)}${parts(unit, numerator, denominator)}</dd>`,
  );
  return `<section class="definitions"><h2>How the numbers are made</h2><dl>${entries.join('')}</dl></section>`;
}

function parts(
  unit: KpiValue['unit'],
  numerator: number | null,
  denominator: number | null,
): string {
  if (unit !== 'RATIO' || numerator === null || denominator === null) return '';
  const text = (value: number) => value.toLocaleString('en-GB', { maximumFractionDigits: 0 });
  return ` <span class="parts">${text(numerator)} ÷ ${text(denominator)}</span>`;
}
