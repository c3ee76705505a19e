import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Cells, ReportColumn } from '../figures/column.ts';
import type { FileSettings } from './file-settings.ts';
import type { LocalText } from './local-text.ts';
import type { Pdf } from './pdf-page.ts';
import { COLORS, CONTENT_BOTTOM, CONTENT_WIDTH, PAGE, makeRoom, writeLine } from './pdf-page.ts';
import { columnWidths } from './pdf-column-widths.ts';
import type { Layout } from './pdf-column-widths.ts';
import { shownTitle } from './shown-unit.ts';

const TITLE = 24;
const HEADING = 34;
const HEADING_LINE = 8.5;
const PLAIN: Layout = { size: 7.5, padding: 5, line: 15, linesPerCell: 1 };
/** For tables with many columns. */
const DENSE: Layout = { size: 6, padding: 3, line: 19, linesPerCell: 2 };
/** Drawing is long work: the worker's heartbeat comes in between. */
const ROWS_PER_TURN = 40;

type TableOf = {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly Cells[];
  readonly rowCount: number;
  readonly settings: FileSettings;
  readonly texts: LocalText;
};

type Column = { readonly title: string; readonly label: string; readonly isNumber: boolean };
type Placed = Column & { readonly x: number; readonly width: number };
type Grid = { readonly layout: Layout; readonly columns: readonly Placed[] };

/** The rows, below a heading that is repeated on each page; gives the place below. */
export async function drawTable(pdf: Pdf, top: number, table: TableOf): Promise<number> {
  const { rows, rowCount, texts } = table;
  let y = makeRoom(pdf, top, TITLE + HEADING + 4 * PLAIN.line);
  writeLine(pdf, 'Rows', { x: PAGE.left, y, width: CONTENT_WIDTH, font: 'bold', size: 11 });
  const cells = rows.map((row) =>
    table.columns.map((column) => texts.cell(row[column.key], column)),
  );
  const grid = gridOf(pdf, table, cells);
  const { line: height } = grid.layout;
  y = drawHeading(pdf, y + TITLE - 6, grid);
  for (const [index, line] of cells.entries()) {
    if (index % ROWS_PER_TURN === 0) await nextTurn();
    if (y + height > CONTENT_BOTTOM) {
      pdf.addPage();
      y = drawHeading(pdf, PAGE.top, grid);
    }
    drawLine(pdf, y, grid, line);
    y += height;
  }
  return drawOmission(pdf, y, { left: rowCount - rows.length, texts });
}

function gridOf(pdf: Pdf, { columns, settings, texts }: TableOf, cells: string[][]): Grid {
  const shown = columns.map(({ title, unit }) => ({
    title: shownTitle(title, settings),
    label: texts.unitLabel(unit) ?? '',
    isNumber: unit !== null,
  }));
  const headings = shown.map(({ title, label }) => ({ title, label }));
  const plain = columnWidths(pdf, { headings, cells }, PLAIN);
  const layout = plain.doesFit ? PLAIN : DENSE;
  const { widths } = plain.doesFit ? plain : columnWidths(pdf, { headings, cells }, DENSE);
  let x = PAGE.left;
  const placed = shown.map((column, index) => {
    const width = widths[index] ?? 0;
    x += width;
    return { ...column, width, x: x - width };
  });
  return { layout, columns: placed };
}

function drawHeading(pdf: Pdf, y: number, { columns, layout }: Grid): number {
  const { size, padding } = layout;
  pdf.rect(PAGE.left, y, CONTENT_WIDTH, HEADING).fill('#eff4ff');
  for (const { x, width, title, label, isNumber } of columns) {
    const align = isNumber ? 'right' : 'left';
    const inside = { x: x + padding, width: width - 2 * padding, size, align } as const;
    pdf.font('medium').fontSize(size);
    const lines = twoLines(pdf, title, inside.width);
    const bottom = y + HEADING - 5;
    if (label !== '') {
      const unit = {
        ...inside,
        y: bottom - HEADING_LINE,
        size: Math.min(6.5, size),
        color: COLORS.soft,
      };
      writeLine(pdf, label, unit);
    }
    const height = (lines.length + (label === '' ? 0 : 1)) * HEADING_LINE;
    lines.forEach((line, index) =>
      writeLine(pdf, line, {
        ...inside,
        y: bottom - height + index * HEADING_LINE,
        font: 'medium',
      }),
    );
  }
  pdf.rect(PAGE.left, y + HEADING - 1, CONTENT_WIDTH, 1).fill(COLORS.accent);
  return y + HEADING;
}

/** A text on one line, or on two where it does not fit with the font that is set. */
function twoLines(pdf: Pdf, text: string, width: number): string[] {
  if (pdf.widthOfString(text) <= width) return [text];
  const comma = text.lastIndexOf(', ') + 1;
  const parts = [text.slice(0, comma), text.slice(comma + 1)];
  // A day with its time is torn between the two.
  if (comma > 0 && parts.every((part) => pdf.widthOfString(part) <= width)) return parts;
  const words = text.split(' ');
  let first = words.shift() ?? '';
  while (words[0] !== undefined && pdf.widthOfString(`${first} ${words[0]}`) <= width) {
    first += ` ${words.shift() ?? ''}`;
  }
  return words.length === 0 ? [first] : [first, words.join(' ')];
}

function drawLine(pdf: Pdf, y: number, { columns, layout }: Grid, cells: readonly string[]): void {
  const { size, padding, line, linesPerCell } = layout;
  columns.forEach(({ x, width, isNumber }, index) => {
    const text = cells[index] ?? '';
    const inside = { x: x + padding, width: width - 2 * padding, size } as const;
    pdf.font('regular').fontSize(size);
    const lines = linesPerCell === 1 ? [text] : twoLines(pdf, text, inside.width);
    const first = y + (line - 0.5 - lines.length * CELL_LINE * size) / 2;
    lines.forEach((part, number) => {
      const place = { ...inside, y: first + number * CELL_LINE * size };
      writeLine(pdf, part, { ...place, align: isNumber ? 'right' : 'left' });
    });
  });
  pdf.rect(PAGE.left, y + line - 0.5, CONTENT_WIDTH, 0.5).fill(COLORS.line);
}

/** Height of a line of a cell, in sizes of its font. */
const CELL_LINE = 1.25;

function drawOmission(
  pdf: Pdf,
  y: number,
  { left, texts }: { left: number; texts: LocalText },
): number {
  if (left <= 0) return y + 16;
  const text = `${texts.decimal(left, 0)} more rows are left out here; CSV, JSONL and XLSX have them all.`;
  const place = makeRoom(pdf, y + 8, 14);
  const line = { x: PAGE.left, width: CONTENT_WIDTH, size: 8, color: COLORS.soft };
  writeLine(pdf, text, { ...line, y: place });
  return place + 24;
}
