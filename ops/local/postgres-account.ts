import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who runs PostgreSQL: empty means this user. */
export type Account = { uid?: number; gid?: number };

/**
 * PostgreSQL refuses to run as root, so root hands it to the owner of an existing data directory,
 * else to `postgres`, else to `nobody`. No account is created: that would change the machine.
 */
export function postgresAccount(dataDirectory: string): Account {
  if (process.getuid?.() !== 0) return {};
  const owner = statSync(dataDirectory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = accountNamed('postgres') ?? accountNamed('nobody');
  if (!account) throw new Error('PostgreSQL needs a user account that is not root: none found.');
  return account;
}

/** Whether that account may walk to this path; a checkout below /root is closed to it. */
export function isReachable(path: string, { uid, gid }: Account): boolean {
  if (uid === undefined) return true;
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const status = statSync(directory);
    const bit = status.uid === uid ? 0o100 : status.gid === gid ? 0o010 : 0o001;
    if ((status.mode & bit) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}

function accountNamed(name: string): Required<Account> | undefined {
  try {
    const idOf = (flag: string) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return undefined;
  }
}
