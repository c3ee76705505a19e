import type { FileSettings } from './file-settings.ts';
import type { LocalText } from './local-text.ts';
import type { Pdf } from './pdf-page.ts';
import { COLORS, CONTENT_WIDTH, PAGE, fitted, writeLine } from './pdf-page.ts';
import type { Summary } from './summary.ts';

const GAP = 24;

/** Whose report it is and up to when it knows; gives the place below. */
export function drawHead(
  pdf: Pdf,
  { summary, settings, texts }: { summary: Summary; settings: FileSettings; texts: LocalText },
): number {
  const { title, subject, periodFrom, periodTo, dataAsOf } = summary;
  const { top: y, left: x } = PAGE;
  const whole = { x, width: CONTENT_WIDTH };
  writeLine(pdf, 'quantumroute', {
    ...whole,
    y,
    font: 'bold',
    size: 8.5,
    color: COLORS.accent,
  });
  writeLine(pdf, title, { ...whole, y: y + 13, font: 'bold', size: 22 });
  const period = `${texts.day(periodFrom)} – ${texts.day(periodTo)}`;
  const asOf = `Data as of ${texts.instant(dataAsOf)} (${settings.timeZone})`;
  const soft = { ...whole, size: 8.5, color: COLORS.soft, align: 'right' } as const;
  writeLine(pdf, asOf, { ...soft, y: y + 44.5 });
  // The font is that of the line just written: what it leaves is for the name and the days.
  const room = CONTENT_WIDTH - pdf.widthOfString(asOf) - GAP;
  const left = { y: y + 43, font: 'medium', size: 10 } as const;
  const days = `  ·  ${period}`;
  pdf.font(left.font).fontSize(left.size);
  const name = fitted(pdf, subject, room - pdf.widthOfString(days));
  writeLine(pdf, `${name}${days}`, { ...left, x, width: room });
  pdf.rect(x, y + 62, CONTENT_WIDTH, 2).fill(COLORS.accent);
  return y + 80;
}
