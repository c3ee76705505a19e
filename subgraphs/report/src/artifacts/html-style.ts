/** For screen and paper alike; the fonts are the reader's own. */
export const pageStyle = `
:root { --ink: #0f172a; --soft: #64748b; --line: #e2e8f0; --tint: #f8fafc; --accent: #2563eb; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--tint); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 32px 64px; background: #fff; min-height: 100vh; }
header { border-bottom: 3px solid var(--accent); margin-bottom: 24px; }
.brand { margin: 0; color: var(--accent); font-size: 13px; font-weight: 700; letter-spacing: .06em; }
h1 { margin: 0; font-size: 32px; line-height: 1.2; letter-spacing: -.01em; }
h2 { font-size: 18px; margin: 32px 0 8px; }
.facts { margin: 6px 0 16px; color: var(--soft); overflow-wrap: anywhere; }
.facts strong { color: var(--ink); }
.totals { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 12px; }
.totals article { border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; break-inside: avoid; }
.totals h2 { margin: 0; font-size: 13px; font-weight: 500; color: var(--soft); }
.value { margin: 2px 0 0; font-size: 20px; white-space: nowrap; font-weight: 650; font-variant-numeric: tabular-nums; }
.before { margin: 0; font-size: 12px; color: var(--soft); }
figure { margin: 28px 0 0; break-inside: avoid; }
figcaption { font-size: 18px; font-weight: 700; margin-bottom: 8px; }
figure svg { width: 100%; height: auto; max-height: 560px; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
th { text-align: left; vertical-align: bottom; color: var(--soft); font-weight: 600;
  border-bottom: 2px solid var(--line); padding: 6px 10px 6px 0; }
td { border-bottom: 1px solid var(--line); padding: 5px 10px 5px 0; white-space: nowrap; }
tr { break-inside: avoid; }
.n { text-align: right; }
th small { display: block; font-weight: 400; }
.omission { color: var(--soft); }
.definitions dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 20px; margin: 0; font-size: 13px; }
.definitions dt { font-weight: 600; }
.definitions dd { margin: 0; color: #334155; }
.parts { color: var(--soft); white-space: nowrap; }
@media (max-width: 640px) { main { padding: 24px 16px; } .definitions dl { grid-template-columns: 1fr; } }
@media print {
  @page { margin: 14mm; }
  body { background: #fff; font-size: 11px; }
  main { max-width: none; padding: 0; }
  .table { overflow: visible; }
  table { font-size: 9.5px; }
}
`;
