import type { Cells, ReportColumn } from '../figures/column.ts';
import type { FileSettings } from './file-settings.ts';
import { shownTitle } from './shown-unit.ts';
import type { XlsxCell } from './xlsx-cell.ts';
import { columnName, xlsxRow } from './xlsx-cell.ts';
import type { XlsxStyles } from './xlsx-styles.ts';
import { xlsxUnit } from './xlsx-unit.ts';
import { createZonedTime } from './zoned-time.ts';

/** A sheet of rows below a heading that stays in view and filters. */
export async function* rowSheet(what: {
  columns: readonly ReportColumn[];
  rows: AsyncIterable<readonly Cells[]>;
  settings: FileSettings;
  styles: XlsxStyles;
}): AsyncGenerator<string> {
  const { columns, rows, settings, styles } = what;
  const shown = columns.map((column) => sheetColumn(column, settings, styles));
  const heading = shown.map(({ title }) => ({ value: title, style: styles.heading }));
  yield `${head(shown)}${xlsxRow(1, heading)}`;
  let number = 1;
  for await (const batch of rows) {
    let xml = '';
    for (const row of batch) {
      number += 1;
      xml += xlsxRow(
        number,
        shown.map(({ read }) => read(row)),
      );
    }
    yield xml;
  }
  const last = `${columnName(Math.max(columns.length - 1, 0))}${number}`;
  yield `</sheetData><autoFilter ref="A1:${last}"/></worksheet>`;
}

type SheetColumn = {
  readonly title: string;
  readonly width: number;
  read(row: Cells): XlsxCell | null;
};

function sheetColumn(
  { key, title, unit, type }: ReportColumn,
  settings: FileSettings,
  styles: XlsxStyles,
): SheetColumn {
  const cell = (row: Cells) => row[key] ?? null;
  if (type !== undefined) {
    const style = styles.number(type === 'DAY' ? styles.dayFormat : styles.instantFormat);
    const serial = serialOf(type === 'DAY' ? 'UTC' : settings.timeZone);
    const read = (row: Cells) => dated(cell(row), { style, serial });
    return { title, width: type === 'DAY' ? 14 : 20, read };
  }
  if (unit === null) return { title, width: 22, read: (row) => text(cell(row)) };
  const { factor, format, symbol } = xlsxUnit(unit, settings);
  const style = styles.number(format);
  const shown = shownTitle(title, settings);
  return {
    title: symbol === null ? shown : `${shown} (${symbol})`,
    width: Math.max(12, Math.min(24, title.length + 2)),
    read: (row) => {
      const value = cell(row);
      return typeof value === 'number' ? { value: value * factor, style } : text(value);
    },
  };
}

function text(value: Cells[string]): XlsxCell | null {
  return value === null ? null : { value: typeof value === 'number' ? value : String(value) };
}

function dated(
  value: Cells[string],
  { style, serial }: { style: number; serial: (epochMs: number) => number },
): XlsxCell | null {
  const epochMs = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(epochMs) ? text(value) : { value: serial(epochMs), style };
}

/** Excel counts days since 1899-12-30 on a clock without a zone. */
function serialOf(timeZone: string): (epochMs: number) => number {
  const { offsetMinutes } = createZonedTime(timeZone);
  return (epochMs) => epochMs / 86_400_000 + offsetMinutes(epochMs) / 1_440 + 25_569;
}

function head(columns: readonly SheetColumn[]): string {
  const widths = columns.map(
    ({ width }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>
<cols>${widths.join('')}</cols><sheetData>`;
}
