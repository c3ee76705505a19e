import type { XlsxStyles } from './xlsx-styles.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The parts of a workbook that tell what its sheets are: a summary, then sheets of rows. */
export function workbookParts({
  rowSheets,
  styles,
}: {
  rowSheets: number;
  styles: XlsxStyles;
}): { path: string; xml: string }[] {
  const names = ['Summary', ...Array.from({ length: rowSheets }, (_, index) => rowsName(index))];
  const parts = {
    '[Content_Types].xml': contentTypes(names.length),
    '_rels/.rels': relations([{ id: 'rId1', type: 'officeDocument', target: 'xl/workbook.xml' }]),
    'xl/workbook.xml': workbook(names),
    'xl/_rels/workbook.xml.rels': relations([
      { id: 'styles', type: 'styles', target: 'styles.xml' },
      ...names.map((_, index) => ({
        id: `sheet${index + 1}`,
        type: 'worksheet',
        target: `worksheets/sheet${index + 1}.xml`,
      })),
    ]),
    'xl/styles.xml': styles.xml(),
  };
  return Object.entries(parts).map(([path, xml]) => ({ path, xml }));
}

function rowsName(index: number): string {
  return index === 0 ? 'Rows' : `Rows ${index + 1}`;
}

function contentTypes(sheets: number): string {
  const overrides = Array.from(
    { length: sheets },
    (_, index) =>
      `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${SHEET}.worksheet+xml"/>`,
  );
  return `${HEADER}<Types xmlns="${PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="${SHEET}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="${SHEET}.styles+xml"/>${overrides.join('')}</Types>`;
}

function relations(entries: readonly { id: string; type: string; target: string }[]): string {
  const all = entries.map(
    ({ id, type, target }) =>
      `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `${HEADER}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
}

function workbook(names: readonly string[]): string {
  const sheets = names.map(
    (name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="sheet${index + 1}"/>`,
  );
  return `${HEADER}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><bookViews><workbookView/></bookViews>
<sheets>${sheets.join('')}</sheets></workbook>`;
}
