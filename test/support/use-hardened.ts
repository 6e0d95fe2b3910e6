import { randomBytes } from "node:crypto";
import type { Pool, PoolConfig } from "pg";
import type { useStratum } from "./use-stratum";

/** A login that is a member of stratum_tenant and nothing else, in the suite's database or the one that is named. */
export function useHardenedLogin(t: ReturnType<typeof useStratum>): (config?: PoolConfig) => Pool {
  const login = `stratum_test_hardened_${randomBytes(5).toString("hex")}`;
  beforeAll(async () => {
    await t.rows(`create role ${login} login password 'x'`);
    await t.rows(`grant stratum_tenant to ${login} with inherit true, set true`);
    await t.rows(`revoke temporary on database ${t.database.name} from public`);
  });
  afterAll(() => t.rows(`drop owned by ${login}; drop role ${login}`).catch(() => undefined));
  return ({ database, ...config } = {}) => {
    const url = new URL(t.database.url);
    Object.assign(url, { username: login, password: "x" });
    if (database !== undefined) url.pathname = `/${database}`;
    return t.database.newPool({ connectionString: url.toString(), max: 2, ...config });
  };
}
