import {
  ApiKeyResolver,
  HeaderResolver,
  JwtResolver,
  type IsolationStrategy,
  type Tenant,
} from "@stratum-hq/lib";
import { hammer, type Sender } from "./support/hammer";
import { HammeredController, outlived, type Order } from "./support/hammered-controller";
import { times } from "./support/scale";
import { startTenantApp, type TenantApp } from "./support/tenant-app";
import { startIdentityProvider, type IdentityProvider } from "./support/tokens";
import { useStratum } from "./support/use-stratum";

const CLIENTS = 200;
const SECONDS = times(3, 60);
/** Tenants of each kind, half of them below the others. */
const TENANTS = 8;
const KINDS: readonly IsolationStrategy[] = ["SHARED_RLS", "SCHEMA_PER_TENANT", "DB_PER_TENANT"];

const TABLE = {
  name: "orders",
  create: `create table orders (id uuid primary key default gen_random_uuid(),
    note text not null, touched integer not null default 0)`,
};

describe.each([
  ["twenty connections", 20],
  ["one connection", 1],
])(`${CLIENTS} clients of random tenants for ${SECONDS} s on %s`, (_, max) => {
  const options = { tenantTables: [TABLE], connectionBudget: max };
  const t = useStratum({ max }, options);
  const senders: Sender[] = [];
  let provider: IdentityProvider;
  let app: TenantApp;

  beforeAll(async () => {
    provider = await startIdentityProvider();
    for (const kind of KINDS) {
      for (let n = 0; n < TENANTS / 2; n += 1) await addPair(kind, n);
    }
    app = await startTenantApp("fastify", {
      options: {
        ...options,
        pool: t.pool,
        http: {
          resolvers: [
            new JwtResolver(provider.options),
            new ApiKeyResolver(),
            new HeaderResolver(),
          ],
        },
      },
      controllers: [HammeredController],
    });
  });
  afterAll(async () => {
    await app.app.close();
    await provider.close();
  });

  /** A tenant and one below it: by a key, by a token, and the lower one also by the upper one's. */
  async function addPair(isolation_strategy: IsolationStrategy, n: number): Promise<void> {
    const name = `${isolation_strategy} ${n}`;
    const parent = await t.stratum.createTenant({ name, isolation_strategy });
    const child = await t.stratum.createTenant({
      name: `below ${name}`,
      parent_id: parent.id,
      isolation_strategy,
    });
    const credentials = async ({ id }: Tenant): Promise<Record<string, string>[]> => {
      const { plaintext_key } = await t.stratum.createApiKey(id);
      const token = await provider.sign({ tenant_id: id, exp: 4_102_444_800 });
      return [{ "x-api-key": plaintext_key }, { authorization: `Bearer ${token}` }];
    };
    const upper = await credentials(parent);
    const lower = await credentials(child);
    const below = upper.map((headers) => ({ ...headers, "x-tenant-id": child.id }));
    senders.push(
      { tenant: parent, headers: upper },
      { tenant: child, headers: [...lower, ...below] },
    );
  }

  it("shows nobody a row of somebody else's", async () => {
    outlived.seen.length = 0;
    outlived.refused = 0;
    const until = Date.now() + SECONDS * 1000;
    const tally = await hammer(app.url, senders, { clients: CLIENTS, until });
    const { requests, rows, written, statuses } = tally;
    process.stdout.write(
      `${requests} requests, ${rows} rows seen, ${written} written, ${outlived.seen.length} reads ` +
        `beside a request, ${outlived.refused} refused after it; ${JSON.stringify(statuses)}\n`,
    );
    expect(tally.foreign).toEqual([]);
    expect(requests).toBeGreaterThan(CLIENTS);
    for (const [name, answered] of Object.entries(statuses)) {
      const expected = /failing|broken/.test(name)
        ? "500"
        : name.startsWith("POST")
          ? "201"
          : "200";
      // Who waited for too long for a connection to a tenant's database was told so.
      const others = Object.keys(answered).filter((status) => !["0", "503"].includes(status));
      expect([name, others]).toEqual([name, [expected]]);
    }
    const besides = outlived.seen.flatMap(({ tenant, rows: seen }) =>
      seen.filter((row) => row.tenant_id !== tenant || row.note !== tenant),
    );
    expect(besides).toEqual([]);
    expect(outlived.refused).toBeGreaterThan(0);
    await checkDatabase(written);
  });

  /** As a superuser sees it, from whom no policy hides anything. */
  async function checkDatabase(written: number): Promise<void> {
    let kept = 0;
    for (const { tenant } of senders) {
      const rows = await rowsAt(tenant);
      const { id } = tenant;
      expect(rows.filter((row) => row.tenant_id !== id || row.note !== id)).toEqual([]);
      kept += rows.length;
    }
    // Whose client went away may have been written all the same.
    expect(kept).toBeGreaterThanOrEqual(written);
    const shared = senders.filter(({ tenant }) => tenant.isolation_strategy === "SHARED_RLS");
    const strangers = await t.rows("select from public.orders where tenant_id <> all($1)", [
      shared.map(({ tenant }) => tenant.id),
    ]);
    expect(strangers).toEqual([]);
  }

  /** All rows where a tenant's are kept; beside others', those that bear its id or its note. */
  async function rowsAt({ id, isolation_strategy }: Tenant): Promise<Order[]> {
    const hex = id.replaceAll("-", "");
    const select = "select tenant_id, note from";
    if (isolation_strategy === "SHARED_RLS") {
      const own = `${select} public.orders where tenant_id = $1 or note = $1::text`;
      return t.rows<Order>(own, [id]);
    }
    if (isolation_strategy === "SCHEMA_PER_TENANT") {
      return t.rows<Order>(`${select} tenant_${hex}.orders`);
    }
    const url = new URL(t.database.url);
    url.pathname = `/stratum_${hex}`;
    const pool = t.database.newPool({ connectionString: url.toString(), max: 1 });
    const { rows } = await pool.query<Order>(`${select} public.orders`);
    await pool.end();
    return rows;
  }
});
