import type { FileSettings } from './file-settings.ts';
import { createLocalText } from './local-text.ts';
import { shownTitle } from './shown-unit.ts';
import type { Summary, Total } from './summary.ts';
import type { XlsxCell } from './xlsx-cell.ts';
import { xlsxRow } from './xlsx-cell.ts';
import type { XlsxStyles } from './xlsx-styles.ts';
import { xlsxUnit } from './xlsx-unit.ts';

type Look = { readonly settings: FileSettings; readonly styles: XlsxStyles };

/** What a manager reads first: whose report it is, its totals and how they are made. */
export function summarySheet(summary: Summary, look: Look): string {
  const { styles } = look;
  const heading = ['Figure', 'Value', 'Unit', 'Before', 'How it is made'];
  const rows: (XlsxCell | null)[][] = [
    [{ value: summary.title, style: styles.title }],
    ...facts(summary, look).map((fact) => [{ value: fact, style: styles.soft }]),
    [],
    heading.map((value) => ({ value, style: styles.heading })),
    ...summary.totals.map((total) => totalRow(total, look)),
  ];
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/></sheetViews>
<cols><col min="1" max="1" width="34" customWidth="1"/><col min="2" max="4" width="14" customWidth="1"/>
<col min="5" max="5" width="90" customWidth="1"/></cols>
<sheetData>${rows.map((cells, index) => xlsxRow(index + 1, cells)).join('')}</sheetData>
<pageSetup orientation="landscape"/></worksheet>`;
}

function facts(
  { subject, periodFrom, periodTo, dataAsOf, rowCount }: Summary,
  { settings }: Look,
): string[] {
  const texts = createLocalText(settings);
  return [
    subject,
    `${texts.day(periodFrom)} – ${texts.day(periodTo)}`,
    `Data as of ${texts.instant(dataAsOf)} (${settings.timeZone})`,
    `${texts.decimal(rowCount, 0)} rows on the next sheets`,
  ];
}

function totalRow(
  { title, unit, value, previous, definition }: Total,
  { settings, styles }: Look,
): (XlsxCell | null)[] {
  const { factor, format, symbol } = xlsxUnit(unit, settings);
  const style = styles.number(format);
  const number = (amount: number | null) =>
    amount === null ? null : { value: amount * factor, style };
  return [
    { value: shownTitle(title, settings) },
    number(value),
    symbol === null ? null : { value: symbol },
    number(previous),
    { value: definition, style: styles.wrapped },
  ];
}
