import { fileURLToPath } from 'node:url';

import PdfFile from 'pdfkit';

/** A4, turned: tables are wide. Points of 1/72 inch. */
export const PAGE = { width: 841.89, height: 595.28, left: 42, right: 42, top: 40, bottom: 46 };
export const CONTENT_WIDTH = PAGE.width - PAGE.left - PAGE.right;
export const CONTENT_BOTTOM = PAGE.height - PAGE.bottom;

export const COLORS = {
  ink: '#0f172a',
  soft: '#64748b',
  line: '#e2e8f0',
  tint: '#f8fafc',
  accent: '#2563eb',
};

export type Pdf = InstanceType<typeof PdfFile>;

/** An empty document whose pages stay open until their number is known. */
export function openPdf(info: { title: string; subject: string }): Pdf {
  const pdf = new PdfFile({
    size: [PAGE.width, PAGE.height],
    // Below, lines are placed by us: no text may start a page by itself.
    margins: { top: PAGE.top, left: PAGE.left, right: PAGE.right, bottom: 0 },
    bufferPages: true,
    autoFirstPage: true,
    lang: 'en',
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: info.title, Subject: info.subject, Creator: 'quantumroute' },
  });
  for (const [name, file] of Object.entries(FONT_FILES)) {
    pdf.registerFont(
      name,
      fileURLToPath(import.meta.resolve(`@expo-google-fonts/ibm-plex-sans/${file}`)),
    );
  }
  return pdf;
}

export const FONTS = { regular: 'regular', medium: 'medium', bold: 'bold' } as const;

/** IBM Plex Sans has Latin, Greek and Cyrillic, and digits of one width. */
const FONT_FILES = {
  [FONTS.regular]: '400Regular/IBMPlexSans_400Regular.ttf',
  [FONTS.medium]: '500Medium/IBMPlexSans_500Medium.ttf',
  [FONTS.bold]: '700Bold/IBMPlexSans_700Bold.ttf',
};

type Line = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly font?: keyof typeof FONTS;
  readonly size: number;
  readonly color?: string;
  readonly align?: 'left' | 'right';
};

/** One line of text, whatever breaks it has, cut with an ellipsis where it does not fit. */
export function writeLine(pdf: Pdf, text: string, line: Line): void {
  const { x, y, width, font = FONTS.regular, size, color = COLORS.ink, align = 'left' } = line;
  pdf.font(font).fontSize(size).fillColor(color);
  const shown = fitted(pdf, text.replaceAll(/[\r\n\t]+/g, ' '), width);
  const start = align === 'left' ? x : x + width - pdf.widthOfString(shown);
  pdf.text(shown, start, y, { lineBreak: false });
}

/** The text, shortened until it fits into the width with the font that is set. */
export function fitted(pdf: Pdf, text: string, width: number): string {
  const whole = pdf.widthOfString(text);
  if (whole <= width) return text;
  let length = Math.max(1, Math.floor((text.length * width) / whole));
  const cut = () => `${text.slice(0, length).trimEnd()}…`;
  while (length > 1 && pdf.widthOfString(cut()) > width) length -= 1;
  return cut();
}

/** Starts a page unless so much room is left; gives the place to go on. */
export function makeRoom(pdf: Pdf, y: number, height: number): number {
  if (y + height <= CONTENT_BOTTOM) return y;
  pdf.addPage();
  return PAGE.top;
}

/** Numbers the pages once all of them are there. */
export function drawFooters(pdf: Pdf, text: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    pdf.switchToPage(start + index);
    const y = PAGE.height - 30;
    const line = { y, size: 7.5, color: COLORS.soft };
    writeLine(pdf, text, { ...line, x: PAGE.left, width: CONTENT_WIDTH - 90 });
    const number = `Page ${index + 1} of ${count}`;
    writeLine(pdf, number, { ...line, x: PAGE.left, width: CONTENT_WIDTH, align: 'right' });
  }
}
