import type { Pdf } from './pdf-page.ts';
import { CONTENT_WIDTH } from './pdf-page.ts';

/** So many rows tell how wide a column is. */
const SAMPLE = 200;

/** How tightly a table is set, in points; a cell takes one line or two. */
export type Layout = {
  readonly size: number;
  readonly padding: number;
  readonly line: number;
  readonly linesPerCell: 1 | 2;
};

type Columns = {
  readonly headings: readonly { title: string; label: string }[];
  readonly cells: readonly (readonly string[])[];
};

/**
 * Widths that fill the page: what each column needs, and its share of what is left over. Where not
 * all can have what they need, the widest give way and their cells are cut.
 */
export function columnWidths(
  pdf: Pdf,
  columns: Columns,
  layout: Layout,
): { widths: number[]; doesFit: boolean } {
  const { headings, cells } = columns;
  const { size, padding, linesPerCell } = layout;
  const sample = cells.slice(0, SAMPLE);
  const needed = headings.map(({ title, label }, index) => {
    pdf.font('medium').fontSize(size);
    const words = [...title.split(' '), label].map((word) => pdf.widthOfString(word));
    const twoLines = 0.62 * pdf.widthOfString(title);
    pdf.font('regular').fontSize(size);
    const texts = sample.map((row) => widthOf(pdf, row[index] ?? '', linesPerCell));
    return Math.max(...words, ...texts, twoLines) + 2 * padding + 2;
  });
  const missing = sum(needed) - CONTENT_WIDTH;
  if (missing <= 0) {
    const widths = needed.map((width) => width - missing * (width / sum(needed)));
    return { widths, doesFit: true };
  }
  const limit = widest(needed);
  return { widths: needed.map((width) => Math.min(width, limit)), doesFit: false };
}

/** What a text needs; on two lines a little more than half, and its longest word. */
function widthOf(pdf: Pdf, text: string, lines: 1 | 2): number {
  const whole = pdf.widthOfString(text);
  if (lines === 1 || !text.includes(' ')) return whole;
  const words = text.split(' ').map((word) => pdf.widthOfString(word));
  return Math.max(...words, 0.62 * whole);
}

/** The width that no column may exceed if all are to fit. */
function widest(needed: readonly number[]): number {
  const ascending = needed.toSorted((a, b) => a - b);
  let room = CONTENT_WIDTH;
  for (const [index, width] of ascending.entries()) {
    const share = room / (ascending.length - index);
    if (width > share) return share;
    room -= width;
  }
  return CONTENT_WIDTH;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
