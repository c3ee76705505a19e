import type { Artifact } from '../storage/artifact-entity.ts';
import type { ReportFormat } from '../storage/report-entity.ts';

/** Headers of a file: what it is, what it is called, and that nobody may take it for something else. */
export function deliveryHeaders({ format, fileName, sha256 }: Artifact): Record<string, string> {
  const { type, disposition } = DELIVERY[format];
  return {
    'content-type': type,
    'content-disposition': `${disposition}; filename="${fileName}"`,
    'cache-control': 'private, max-age=0, must-revalidate',
    'accept-ranges': 'bytes',
    etag: `"${sha256}"`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...(format === 'HTML' ? { 'content-security-policy': NOTHING_RUNS } : {}),
  };
}

/** The page has no script, and could run none: its texts come from whoever names a depot. */
const NOTHING_RUNS =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

type Delivery = { readonly type: string; readonly disposition: 'attachment' | 'inline' };

const DELIVERY: Readonly<Record<ReportFormat, Delivery>> = {
  CSV: { type: 'text/csv; charset=utf-8', disposition: 'attachment' },
  JSONL: { type: 'application/jsonl; charset=utf-8', disposition: 'attachment' },
  XLSX: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    disposition: 'attachment',
  },
  HTML: { type: 'text/html; charset=utf-8', disposition: 'inline' },
  PDF: { type: 'application/pdf', disposition: 'inline' },
};
