/** Looks of cells, by name; number formats are added as they are met. */
export type XlsxStyles = {
  readonly title: number;
  readonly heading: number;
  readonly soft: number;
  readonly wrapped: number;
  /** Style of a number format code, such as `#,##0.0`. */
  number(formatCode: string): number;
  readonly dayFormat: string;
  readonly instantFormat: string;
  /** Asked for last. */
  xml(): string;
};

const FIXED = ['default', 'title', 'heading', 'soft', 'wrapped'] as const;
/** Numbers below belong to Excel's own formats. */
const FIRST_FORMAT_ID = 164;

export function createXlsxStyles(locale: string): XlsxStyles {
  const formats = new Map<string, number>();
  const dayFormat = dayFormatOf(locale);
  return {
    title: FIXED.indexOf('title'),
    heading: FIXED.indexOf('heading'),
    soft: FIXED.indexOf('soft'),
    wrapped: FIXED.indexOf('wrapped'),
    dayFormat,
    instantFormat: `${dayFormat} hh:mm`,
    number: (formatCode) => {
      const style = formats.get(formatCode) ?? FIXED.length + formats.size;
      formats.set(formatCode, style);
      return style;
    },
    xml: () => stylesXml([...formats.keys()]),
  };
}

/** The medium date of the locale as a format code; Excel names months in its own language. */
function dayFormatOf(locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    calendar: 'gregory',
    numberingSystem: 'latn',
    dateStyle: 'medium',
    timeZone: 'UTC',
  });
  const parts = format.formatToParts(Date.UTC(2026, 10, 2));
  return parts.map(({ type, value }) => dayPart(type, value)).join('');
}

function dayPart(type: Intl.DateTimeFormatPartTypes, value: string): string {
  if (type === 'day') return value.length === 2 ? 'dd' : 'd';
  if (type === 'month') return /^\d+$/.test(value) ? 'mm' : 'mmm';
  if (type === 'year') return 'yyyy';
  return value.replaceAll(/./gu, String.raw`\$&`);
}

function stylesXml(formatCodes: readonly string[]): string {
  const formats = formatCodes.map(
    (code, index) =>
      `<numFmt numFmtId="${FIRST_FORMAT_ID + index}" formatCode="${attribute(code)}"/>`,
  );
  const numbers = formatCodes.map(
    (_, index) => `<xf numFmtId="${FIRST_FORMAT_ID + index}" applyNumberFormat="1"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<numFmts count="${formats.length}">${formats.join('')}</numFmts>
<fonts count="4"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="18"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><color rgb="FF1E3A8A"/><name val="Calibri"/></font>
<font><sz val="11"/><color rgb="FF64748B"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFEFF4FF"/></patternFill></fill></fills>
<borders count="2"><border/><border><bottom style="medium"><color rgb="FF2563EB"/></bottom></border></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="${FIXED.length + numbers.length}"><xf/>
<xf fontId="1" applyFont="1"/>
<xf fontId="2" fillId="2" borderId="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>
<xf fontId="3" applyFont="1"/>
<xf fontId="3" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
${numbers.join('')}</cellXfs>
</styleSheet>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
