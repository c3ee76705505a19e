/** Both ends included, as HTTP counts. */
export type ByteRange = { readonly start: number; readonly end: number };

/**
 * The one range that a `Range` header asks for (RFC 9110). `whole` where there is none, or one that
 * may be ignored; `unsatisfiable` where the file has no such bytes.
 */
export function readRange(
  header: string | undefined,
  byteSize: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  const start = first === '' ? Math.max(0, byteSize - Number(last)) : Number(first);
  const end = first === '' || last === '' ? byteSize - 1 : Math.min(Number(last), byteSize - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return 'whole';
  return start > end ? 'unsatisfiable' : { start, end };
}
