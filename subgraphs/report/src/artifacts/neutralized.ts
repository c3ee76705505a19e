/**
 * A spreadsheet runs a cell that starts like a formula. An apostrophe before it makes it text again;
 * such texts come from whoever names a depot or a partner.
 */
export function neutralized(text: string): string {
  return /^[\s\uFEFF]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
