import { randomBytes } from "node:crypto";
import {
  ApiKeyResolver,
  HeaderResolver,
  JwtResolver,
  StratumModule,
  type IsolationStrategy,
  type Tenant,
} from "@stratum-hq/lib";
import { Pool } from "pg";
import type { Sender } from "./hammer";
import { HammeredController } from "./hammered-controller";
import { HammeredEntities, HammeredEntitiesController } from "./hammered-entities-controller";
import { Order } from "./hammered-order";
import { createTestDatabase, type TestDatabase } from "./test-database";
import { startTenantApp, type Framework, type TenantApp } from "./tenant-app";
import { startIdentityProvider, type IdentityProvider } from "./tokens";
import type { Login } from "./use-tenant-tables";

const KINDS: readonly IsolationStrategy[] = ["SHARED_RLS", "SCHEMA_PER_TENANT", "DB_PER_TENANT"];
/** Of each kind, and as many below them. */
const ROOTS = 4;

/** How an application reaches its databases. */
export interface Reached {
  readonly framework: Framework;
  readonly login: Login;
  /** Connections of each pool, and to all tenants' databases together. */
  readonly max: number;
  readonly preparedStatements: "auto" | "off";
  /** The URL by which a login gets there, where that is not the server's own. */
  readonly through?: (url: string) => Promise<string>;
}

/** Tenants of all three kinds with credentials, in databases that each of four logins may use. */
export interface HammeredDeployment {
  readonly database: TestDatabase;
  readonly senders: readonly Sender[];
  start(reached: Reached): Promise<TenantApp & { stop(): Promise<void> }>;
}

/** Gives a suite one that a login of no other rights than an owner's has made, and takes it away after it. */
export function useHammeredDeployment(): HammeredDeployment {
  const suffix = randomBytes(5).toString("hex");
  const nameOf = (login: Login): string => `stratum_test_hammer_${login}_${suffix}`;
  const senders: Sender[] = [];
  const fixture = {} as { -readonly [K in keyof HammeredDeployment]: HammeredDeployment[K] };
  fixture.senders = senders;
  let provider: IdentityProvider;

  const urlOf = (login: Login): string => {
    const url = new URL(fixture.database.url);
    if (login !== "superuser") Object.assign(url, { username: nameOf(login), password: "x" });
    return url.toString();
  };

  beforeAll(async () => {
    provider = await startIdentityProvider();
    // The first database of a server that is migrated makes the roles.
    await (await createTestDatabase()).drop();
    fixture.database = await createTestDatabase({ migrated: false });
    await createLogins(fixture.database, nameOf);
    fixture.start = (reached) => startHammered(reached, urlOf, provider);
    const app = await fixture.start({
      ...{ framework: "fastify", login: "owner", max: 4, preparedStatements: "auto" },
    });
    await allowMember(fixture.database, nameOf("member"));
    for (const kind of KINDS) {
      for (let n = 0; n < ROOTS; n += 1) senders.push(...(await addPair(app, provider, kind, n)));
    }
    await app.stop();
  });
  afterAll(async () => {
    await provider.close();
    await dropAll(fixture, nameOf);
  });
  return fixture;
}

async function createLogins(
  { name, pool }: TestDatabase,
  nameOf: (login: Login) => string,
): Promise<void> {
  const [owner, member, hardened] = [nameOf("owner"), nameOf("member"), nameOf("hardened")];
  await pool.query(`
    create role ${owner} login createdb password 'x'; create role ${member} login password 'x';
    create role ${hardened} login password 'x';
    grant stratum_tenant to ${owner}, ${member}, ${hardened} with inherit true, set true;
    grant stratum_maintenance to ${owner} with inherit false, set true;
    grant stratum_audit, stratum_context, stratum_subtree to ${owner} with admin true, inherit false, set false;
    revoke temporary on database ${name} from public; grant create on database ${name} to ${owner};
    create extension ltree with schema public; create schema stratum authorization ${owner};
    grant create, usage on schema public to ${owner}`);
}

/** What serving requests takes, once somebody else has made all there is. */
async function allowMember({ pool }: TestDatabase, member: string): Promise<void> {
  await pool.query(`grant usage on schema stratum to ${member};
    grant select, insert, update, delete on all tables in schema stratum to ${member}`);
}

/** A tenant and one below it: by a key, by a token, and the lower one also by the upper one's. */
async function addPair(
  { stratum }: TenantApp,
  provider: IdentityProvider,
  isolation_strategy: IsolationStrategy,
  n: number,
): Promise<Sender[]> {
  const name = `${isolation_strategy} ${n}`;
  const parent = await stratum.createTenant({ name, isolation_strategy });
  const child = await stratum.createTenant({ name: `below ${name}`, parent_id: parent.id });
  const credentials = async ({ id }: Tenant): Promise<Record<string, string>[]> => {
    const { plaintext_key } = await stratum.createApiKey(id);
    const token = await provider.sign({ tenant_id: id, exp: 4_102_444_800 });
    return [{ "x-api-key": plaintext_key }, { authorization: `Bearer ${token}` }];
  };
  const upper = await credentials(parent);
  const lower = await credentials(child);
  const below = upper.map((headers) => ({ ...headers, "x-tenant-id": child.id }));
  return [
    { tenant: parent, headers: upper },
    { tenant: child, headers: [...lower, ...below] },
  ];
}

async function startHammered(
  { framework, login, max, preparedStatements, through }: Reached,
  urlOf: (login: Login) => string,
  provider: IdentityProvider,
): Promise<TenantApp & { stop(): Promise<void> }> {
  const poolOf = async (as: Login): Promise<Pool> =>
    new Pool({ connectionString: (await through?.(urlOf(as))) ?? urlOf(as), max });
  // In hardened mode control data is another login's.
  const pool = await poolOf(login === "hardened" ? "owner" : login);
  const tenantPool = login === "hardened" ? await poolOf(login) : undefined;
  const resolvers = [new JwtResolver(provider.options), new ApiKeyResolver(), new HeaderResolver()];
  const app = await startTenantApp(framework, {
    options: {
      ...{ pool, preparedStatements, connectionBudget: max, http: { resolvers } },
      ...(tenantPool && { tenantPool }),
    },
    imports: [StratumModule.forFeature([Order])],
    controllers: [HammeredController, HammeredEntitiesController],
    providers: [HammeredEntities],
  });
  const stop = async (): Promise<void> => {
    await app.app.close();
    await Promise.all([pool.end(), tenantPool?.end()]);
  };
  return { ...app, stop };
}

async function dropAll(
  { database, senders }: HammeredDeployment,
  nameOf: (login: Login) => string,
): Promise<void> {
  const names = (["owner", "member", "hardened"] as const).map(nameOf);
  for (const { tenant } of senders) {
    if (tenant.isolation_strategy !== "DB_PER_TENANT") continue;
    const name = `stratum_${tenant.id.replaceAll("-", "")}`;
    await database.pool.query(`drop database if exists ${name} with (force)`);
  }
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = any($1)",
    [names],
  );
  for (const name of names) {
    await database.pool.query(`drop owned by ${name} cascade; drop role ${name}`);
  }
  await database.drop();
}
