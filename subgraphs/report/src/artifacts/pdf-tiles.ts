import type { FileSettings } from './file-settings.ts';
import type { LocalText } from './local-text.ts';
import type { Pdf } from './pdf-page.ts';
import { COLORS, CONTENT_WIDTH, PAGE, writeLine } from './pdf-page.ts';
import { shownTitle } from './shown-unit.ts';
import type { Summary, Total } from './summary.ts';

const PER_LINE = 5;
const GAP = 9;
const HEIGHT = 52;
const WIDTH = (CONTENT_WIDTH - GAP * (PER_LINE - 1)) / PER_LINE;

type TilesOf = {
  readonly summary: Summary;
  readonly settings: FileSettings;
  readonly texts: LocalText;
};

/** The totals as tiles; gives the place below. */
export function drawTiles(
  pdf: Pdf,
  top: number,
  { summary: { totals }, settings, texts }: TilesOf,
): number {
  totals.forEach((total, index) => {
    const x = PAGE.left + (index % PER_LINE) * (WIDTH + GAP);
    const y = top + Math.floor(index / PER_LINE) * (HEIGHT + GAP);
    drawTile(pdf, { x, y, total, settings, texts });
  });
  return top + Math.ceil(totals.length / PER_LINE) * (HEIGHT + GAP) + 8;
}

function drawTile(
  pdf: Pdf,
  {
    x,
    y,
    total,
    settings,
    texts,
  }: Omit<TilesOf, 'summary'> & { x: number; y: number; total: Total },
): void {
  const { title, value, previous, unit } = total;
  pdf.roundedRect(x, y, WIDTH, HEIGHT, 4).lineWidth(0.75).fillAndStroke(COLORS.tint, COLORS.line);
  const inside = { x: x + 9, width: WIDTH - 18 };
  writeLine(pdf, shownTitle(title, settings), {
    ...inside,
    y: y + 7,
    size: 7.5,
    color: COLORS.soft,
  });
  writeLine(pdf, texts.total(value, unit), { ...inside, y: y + 17.5, font: 'bold', size: 14 });
  if (previous === null) return;
  const before = `before: ${texts.total(previous, unit)}`;
  writeLine(pdf, before, { ...inside, y: y + 37.5, size: 7, color: COLORS.soft });
}
