/** What calendar and clock of a zone show at an instant: `YYYY-MM-DD hh:mm:ss`. */
export function zonedText(instant: Date, timeZone: string): string {
  // Sweden writes it this way.
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(instant);
}
