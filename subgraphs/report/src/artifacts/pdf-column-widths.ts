import type { Pdf } from './pdf-page.ts';
import { CONTENT_WIDTH } from './pdf-page.ts';

/** So many rows tell how wide a column is. */
const SAMPLE = 200;

/**
 * Widths that fill the page: what each column needs, and its share of what is left over. Where not
 * all can have what they need, the widest give way and their cells are cut.
 */
export function columnWidths(
  pdf: Pdf,
  table: {
    headings: readonly { title: string; label: string }[];
    cells: readonly (readonly string[])[];
    size: number;
    padding: number;
  },
): number[] {
  const { headings, cells, size, padding } = table;
  const sample = cells.slice(0, SAMPLE);
  const needed = headings.map(({ title, label }, index) => {
    pdf.font('medium').fontSize(size);
    const words = [...title.split(' '), label].map((word) => pdf.widthOfString(word));
    const twoLines = 0.62 * pdf.widthOfString(title);
    pdf.font('regular').fontSize(size);
    const texts = sample.map((row) => pdf.widthOfString(row[index] ?? ''));
    return Math.max(...words, ...texts, twoLines) + 2 * padding + 2;
  });
  const missing = sum(needed) - CONTENT_WIDTH;
  if (missing <= 0) return needed.map((width) => width - missing * (width / sum(needed)));
  const limit = widest(needed);
  return needed.map((width) => Math.min(width, limit));
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
