import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Cells, ReportColumn } from '../figures/column.ts';
import type { FileSettings } from './file-settings.ts';
import type { LocalText } from './local-text.ts';
import type { Pdf } from './pdf-page.ts';
import { COLORS, CONTENT_BOTTOM, CONTENT_WIDTH, PAGE, makeRoom, writeLine } from './pdf-page.ts';
import { columnWidths } from './pdf-column-widths.ts';
import { shownTitle } from './shown-unit.ts';

const TITLE = 24;
const LINE = 15;
const HEADING = 34;
const HEADING_LINE = 8.5;
const SIZE = 7.5;
const PADDING = 5;
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

/** The rows, below a heading that is repeated on each page; gives the place below. */
export async function drawTable(pdf: Pdf, top: number, table: TableOf): Promise<number> {
  const { rows, rowCount, texts } = table;
  let y = makeRoom(pdf, top, TITLE + HEADING + 4 * LINE);
  writeLine(pdf, 'Rows', { x: PAGE.left, y, width: CONTENT_WIDTH, font: 'bold', size: 11 });
  const cells = rows.map((row) =>
    table.columns.map((column) => texts.cell(row[column.key], column)),
  );
  const columns = placed(pdf, table, cells);
  y = drawHeading(pdf, y + TITLE - 6, columns);
  for (const [index, line] of cells.entries()) {
    if (index % ROWS_PER_TURN === 0) await nextTurn();
    if (y + LINE > CONTENT_BOTTOM) {
      pdf.addPage();
      y = drawHeading(pdf, PAGE.top, columns);
    }
    drawLine(pdf, y, columns, line);
    y += LINE;
  }
  return drawOmission(pdf, y, { left: rowCount - rows.length, texts });
}

function placed(pdf: Pdf, { columns, settings, texts }: TableOf, cells: string[][]): Placed[] {
  const shown = columns.map(({ title, unit }) => ({
    title: shownTitle(title, settings),
    label: texts.unitLabel(unit) ?? '',
    isNumber: unit !== null,
  }));
  const headings = shown.map(({ title, label }) => ({ title, label }));
  const widths = columnWidths(pdf, { headings, cells, size: SIZE, padding: PADDING });
  let x = PAGE.left;
  return shown.map((column, index) => {
    const width = widths[index] ?? 0;
    x += width;
    return { ...column, width, x: x - width };
  });
}

function drawHeading(pdf: Pdf, y: number, columns: readonly Placed[]): number {
  pdf.rect(PAGE.left, y, CONTENT_WIDTH, HEADING).fill('#eff4ff');
  for (const { x, width, title, label, isNumber } of columns) {
    const align = isNumber ? 'right' : 'left';
    const inside = { x: x + PADDING, width: width - 2 * PADDING, size: SIZE, align } as const;
    const lines = twoLines(pdf, title, inside.width);
    const bottom = y + HEADING - 5;
    if (label !== '') {
      const unit = { ...inside, y: bottom - HEADING_LINE, size: 6.5, color: COLORS.soft };
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

/** A title on one line, or on two where it does not fit. */
function twoLines(pdf: Pdf, title: string, width: number): string[] {
  pdf.font('medium').fontSize(SIZE);
  if (pdf.widthOfString(title) <= width) return [title];
  const words = title.split(' ');
  let first = words.shift() ?? '';
  while (words[0] !== undefined && pdf.widthOfString(`${first} ${words[0]}`) <= width) {
    first += ` ${words.shift() ?? ''}`;
  }
  return words.length === 0 ? [first] : [first, words.join(' ')];
}

function drawLine(pdf: Pdf, y: number, columns: readonly Placed[], cells: readonly string[]): void {
  columns.forEach(({ x, width, isNumber }, index) => {
    writeLine(pdf, cells[index] ?? '', {
      x: x + PADDING,
      y: y + 3.5,
      width: width - 2 * PADDING,
      size: SIZE,
      align: isNumber ? 'right' : 'left',
    });
  });
  pdf.rect(PAGE.left, y + LINE - 0.5, CONTENT_WIDTH, 0.5).fill(COLORS.line);
}

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
