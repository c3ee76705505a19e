import type { FileSettings } from './file-settings.ts';
import type { LocalText } from './local-text.ts';
import { partsText } from './parts-text.ts';
import type { Pdf } from './pdf-page.ts';
import { COLORS, CONTENT_WIDTH, FONTS, PAGE, makeRoom, writeLine } from './pdf-page.ts';
import { shownTitle } from './shown-unit.ts';
import type { Total } from './summary.ts';

const TITLE_WIDTH = 150;
const SIZE = 8;

/** How each total is made, in words and parts. */
export function drawDefinitions(
  pdf: Pdf,
  top: number,
  what: { totals: readonly Total[]; settings: FileSettings; texts: LocalText },
): void {
  const { totals, settings, texts } = what;
  const x = PAGE.left;
  let y = makeRoom(pdf, top, 60);
  const heading = { x, width: CONTENT_WIDTH, font: 'bold', size: 11 } as const;
  writeLine(pdf, 'How the numbers are made', { ...heading, y });
  y += 20;
  for (const total of totals) {
    const text = `${total.definition}${partsText(total, texts)}`;
    const width = CONTENT_WIDTH - TITLE_WIDTH;
    pdf.font(FONTS.regular).fontSize(SIZE);
    const height = pdf.heightOfString(text, { width });
    y = makeRoom(pdf, y, height);
    const title = { x, y, width: TITLE_WIDTH - 10, font: 'medium', size: SIZE } as const;
    writeLine(pdf, shownTitle(total.title, settings), title);
    pdf.font(FONTS.regular).fontSize(SIZE).fillColor(COLORS.soft);
    pdf.text(text, x + TITLE_WIDTH, y, { width });
    y += height + 4;
  }
}
