import type { ChartSpec } from '../figures/chart.ts';
import type { Cells, ReportColumn } from '../figures/column.ts';
import { chartSvg, isEmpty } from './chart-svg.ts';
import type { FileSettings } from './file-settings.ts';
import type { FileSource } from './file-source.ts';
import { firstRows } from './file-source.ts';
import { pageStyle } from './html-style.ts';
import type { LocalText } from './local-text.ts';
import { createLocalText } from './local-text.ts';
import { partsText } from './parts-text.ts';
import { shownTitle } from './shown-unit.ts';
import type { Summary, Total } from './summary.ts';

/** A browser is no place for more: other formats have them all. */
const MAX_HTML_ROWS = 2_000;

/** One file with everything in it: no script, no font, no image from anywhere else. */
export async function* htmlOf(source: FileSource): AsyncGenerator<string> {
  const { columns, settings, batches } = source;
  const rows = await firstRows(batches, MAX_HTML_ROWS);
  const summary = await source.summary;
  const page = { settings, texts: createLocalText(settings) };
  yield head(summary, page);
  yield `<section class="totals">${summary.totals.map((total) => tile(total, page)).join('')}</section>`;
  for (const chart of summary.charts) if (!isEmpty(chart)) yield await figure(chart, page);
  yield tableHead(columns, page);
  for (const row of rows) yield tableRow(columns, row, page);
  yield `</tbody></table></div>${omission(summary.rowCount - rows.length, page)}`;
  yield definitions(summary.totals, page);
  yield '</main></body></html>\n';
}

type Page = { readonly settings: FileSettings; readonly texts: LocalText };

/** Text that can stand anywhere in HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function head(summary: Summary, { settings, texts }: Page): string {
  const { dataAsOf } = summary;
  const name = escapeHtml(summary.title);
  const subject = escapeHtml(summary.subject);
  const period = escapeHtml(`${texts.day(summary.periodFrom)} – ${texts.day(summary.periodTo)}`);
  const asOf = escapeHtml(`${texts.instant(dataAsOf)} (${settings.timeZone})`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}: ${subject}, ${period}</title>
<style>${pageStyle}</style></head>
<body><main><header><p class="brand">quantumroute</p><h1>${name}</h1>
<p class="facts"><strong>${subject}</strong> · ${period}
 · data as of <time datetime="${dataAsOf.toISOString()}">${asOf}</time></p></header>`;
}

function tile({ title, value, unit, previous }: Total, { settings, texts }: Page): string {
  const amount = (number: number | null) => escapeHtml(texts.total(number, unit));
  const before = previous === null ? '' : `<p class="before">before: ${amount(previous)}</p>`;
  return `<article><h2>${escapeHtml(shownTitle(title, settings))}</h2><p class="value">${amount(value)}</p>${before}</article>`;
}

async function figure(chart: ChartSpec, { settings }: Page): Promise<string> {
  return `<figure><figcaption>${escapeHtml(chart.title)}</figcaption>${await chartSvg(chart, { settings })}</figure>`;
}

function tableHead(columns: readonly ReportColumn[], { settings, texts }: Page): string {
  const cells = columns.map(({ title, unit }) => {
    const label = texts.unitLabel(unit);
    const below = label === null ? '' : ` <small>${escapeHtml(label)}</small>`;
    const number = unit === null ? '' : ' class="n"';
    return `<th scope="col"${number}>${escapeHtml(shownTitle(title, settings))}${below}</th>`;
  });
  return `<h2>Rows</h2><div class="table"><table><thead><tr>${cells.join('')}</tr></thead><tbody>`;
}

function tableRow(columns: readonly ReportColumn[], row: Cells, { texts }: Page): string {
  const cells = columns.map((column) => {
    const text = escapeHtml(texts.cell(row[column.key], column));
    return column.unit === null ? `<td>${text}</td>` : `<td class="n">${text}</td>`;
  });
  return `<tr>${cells.join('')}</tr>\n`;
}

function omission(count: number, { texts }: Page): string {
  if (count <= 0) return '';
  return `<p class="omission">${texts.decimal(count, 0)} more rows are left out here; CSV, JSONL and XLSX have them all.</p>`;
}

function definitions(totals: readonly Total[], { settings, texts }: Page): string {
  const entries = totals.map((total) => {
    const parts = `<span class="parts">${escapeHtml(partsText(total, texts))}</span>`;
    const title = escapeHtml(shownTitle(total.title, settings));
    return `<dt>${title}</dt><dd>${escapeHtml(total.definition)}${parts}</dd>`;
  });
  return `<section class="definitions"><h2>How the numbers are made</h2><dl>${entries.join('')}</dl></section>`;
}
