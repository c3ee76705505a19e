/** SQL for whole milliseconds since 1970, rounded down: no instant becomes later than it was. */
export function epochMs(instant: string): string {
  return `floor(extract(epoch from ${instant}) * 1000)::float8`;
}
