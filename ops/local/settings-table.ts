import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeSettings, type SettingDescription } from '../src/config.ts';
import { inProject } from './project.ts';
import { CONFIG_FILES } from './services.ts';

/** `node ops/local/settings-table.ts [--check]`: writes the settings of all services into README.md. */
const readme = inProject('README.md');
const before = readFileSync(readme, 'utf8');
const rows = await settingsRows();
const after = before.replace(
  /(<!-- settings:start -->\n)[\s\S]*(<!-- settings:end -->)/,
  (_all, start: string, end: string) => `${start}\n${tableOf(rows)}\n\n${end}`,
);
if (process.argv.includes('--check')) {
  if (unaligned(before) !== unaligned(after)) {
    console.error('The settings table of README.md is stale: node ops/local/settings-table.ts');
    process.exitCode = 1;
  }
} else {
  writeFileSync(readme, after);
}

/** The formatter aligns columns; that is no difference. */
function unaligned(text: string): string {
  return text.replace(/[ -]+/g, ' ');
}

type Row = SettingDescription & { usedBy: string[] };
type ConfigModule = { settings: Parameters<typeof describeSettings>[0] };

async function settingsRows(): Promise<Row[]> {
  const byName = new Map<string, Row>();
  for (const file of CONFIG_FILES) {
    const room = basename(dirname(dirname(file)));
    const { settings } = (await import(pathToFileURL(inProject(file)).href)) as ConfigModule;
    for (const setting of describeSettings(settings)) {
      const row = byName.get(setting.name) ?? { ...setting, usedBy: [] };
      row.usedBy.push(room);
      byName.set(setting.name, row);
    }
  }
  return [...byName.values()];
}

function tableOf(settings: readonly Row[]): string {
  const cells = settings.map(({ name, usedBy, default: fallback, description, required }) => [
    `\`${name}\``,
    usedBy.length === CONFIG_FILES.length ? 'all' : usedBy.join(', '),
    required ? 'required' : fallback ? `\`${fallback}\`` : '–',
    description,
  ]);
  const header = [
    ['setting', 'read by', 'default', 'meaning'],
    ['---', '---', '---', '---'],
  ];
  return [...header, ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
