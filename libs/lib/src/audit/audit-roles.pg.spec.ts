import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "@stratum-hq/embedded";
import { migrate, Stratum, type MaintenanceRoleMissingError } from "@stratum-hq/lib";
import { MIGRATION_NAMES } from "@stratum-hq/migrations";
import { Pool } from "pg";
import { codeOf } from "../../../../test/support/use-stratum";
import { AuditErasureStore } from "./audit-erasure.store";
import { Database } from "../persistence/database";
import { StratumServicesModule } from "../stratum-services.module";
import { NestFactory } from "@nestjs/core";
import type { INestApplicationContext } from "@nestjs/common";

const TENANT = "0199a000-0000-7000-8000-000000000001";

/** On a server of its own: roles belong to the server, and here they are not there yet. */
describe("the roles of the audit log", () => {
  let directory: string;
  let server: EmbeddedPostgres;
  let admin: Pool;
  const pools: Pool[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "stratum-roles-"));
    await chmod(directory, 0o755);
    server = await startEmbeddedPostgres({ dataDir: join(directory, "data"), fsync: false });
    admin = poolOf(server.url);
    for (const login of ["creator", "other"]) {
      await admin.query(`create role ${login} login createrole password 'x'`);
    }
    await admin.query("create role app login password 'x'");
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  function poolOf(url: string): Pool {
    const pool = new Pool({ connectionString: url, max: 2 });
    pool.on("error", () => undefined);
    pools.push(pool);
    return pool;
  }

  function as(login: string, database: string): Pool {
    const url = new URL(server.url);
    url.username = login;
    url.password = "x";
    url.pathname = `/${database}`;
    return poolOf(url.toString());
  }

  async function createDatabase(name: string, owner: string): Promise<void> {
    await admin.query(`create database ${name} owner ${owner}`);
  }

  /** What the store answers to a login: how many rows went, or the error. */
  async function erase(pool: Pool): Promise<unknown> {
    const options = { pool, autoMigrate: false };
    const context: INestApplicationContext = await NestFactory.createApplicationContext(
      StratumServicesModule.forRoot(options),
      { logger: false, abortOnError: false },
    );
    try {
      return await context.get(Database).transaction(async (tx) => {
        const erased = await context
          .get(AuditErasureStore, { strict: false })
          .erase(tx, { tenant_ids: [TENANT], before: null });
        const [role] = await tx.query("select current_user::text as name");
        return [erased, role];
      });
    } catch (error) {
      return error;
    } finally {
      await context.close();
    }
  }

  async function record(pool: Pool): Promise<void> {
    await pool.query(
      `insert into stratum.audit_logs
         (id, operation_id, actor_id, actor_type, action, resource_type, tenant_id)
       values (gen_random_uuid(), gen_random_uuid(), 'a', 'system', 'a', 'r', $1)`,
      [TENANT],
    );
  }

  it("are made by a login that may create roles, which then may call the function and no more", async () => {
    await createDatabase("first", "creator");
    const creator = as("creator", "first");
    await migrate(creator);
    await record(creator);
    expect(await erase(creator)).toEqual([
      [{ tenant_id: TENANT, deleted: 1 }],
      { name: "creator" },
    ]);
    for (const attempt of [
      "delete from stratum.audit_logs",
      "set role stratum_audit",
      `select stratum.erase_audit_logs(array['${TENANT}']::uuid[], null, 1)`,
    ]) {
      await expect(creator.query(attempt)).rejects.toMatchObject({ code: "42501" });
    }
    const { rows } = await admin.query(
      `select pg_get_userbyid(roleid) as role, pg_get_userbyid(member) as member,
              bool_or(set_option) as may_set, bool_or(inherit_option) as inherits
       from pg_auth_members
       where roleid in (select oid from pg_roles where rolname in ('stratum_audit', 'stratum_maintenance'))
       group by 1, 2 order by 1`,
    );
    expect(rows).toEqual([
      { role: "stratum_audit", member: "creator", may_set: false, inherits: false },
      { role: "stratum_maintenance", member: "creator", may_set: true, inherits: false },
    ]);
  });

  it("serve a login of the application's once it is granted maintenance, as the error says", async () => {
    const app = as("app", "first");
    const creator = as("creator", "first");
    await creator.query("grant usage on schema stratum to app");
    await creator.query("grant select, insert on all tables in schema stratum to app");
    const error = (await erase(app)) as MaintenanceRoleMissingError;
    expect(error).toMatchObject({
      code: "MAINTENANCE_ROLE_MISSING",
      details: {
        login: "app",
        statement: "grant stratum_maintenance to app with inherit false, set true",
      },
    });
    await creator.query(String(error.details.statement));
    await record(creator);
    expect(await erase(app)).toEqual([[{ tenant_id: TENANT, deleted: 1 }], { name: "app" }]);
    await expect(app.query("delete from stratum.audit_logs")).rejects.toMatchObject({
      code: "42501",
    });
  });

  it("are another login's on the same server: what a privileged one has to run is said", async () => {
    await createDatabase("second", "other");
    const other = as("other", "second");
    const statements: string[] = [];
    for (;;) {
      const error = await migrate(other).then(
        () => null,
        (reason: { code: string; details: { statement: string } }) => reason,
      );
      if (error === null) break;
      expect(error.code).toBe("MIGRATION_PRIVILEGE_MISSING");
      expect(statements).not.toContain(error.details.statement);
      statements.push(error.details.statement);
      await admin.query(error.details.statement);
    }
    expect(statements).toEqual([
      "grant stratum_maintenance to other with inherit false, set true",
      "grant stratum_audit to other with admin true, inherit false, set false",
      "grant stratum_context to other with admin true, inherit false, set false",
      "grant stratum_subtree to other with admin true, inherit false, set false",
    ]);
    await record(other);
    expect(await erase(other)).toEqual([[{ tenant_id: TENANT, deleted: 1 }], { name: "other" }]);
    await expect(other.query("set role stratum_audit")).rejects.toMatchObject({ code: "42501" });
  });

  it("are not asked for again once they have served: the right to hand them on can be taken away", async () => {
    await admin.query("revoke stratum_audit, stratum_context, stratum_subtree from other");
    const other = as("other", "second");
    await other.query("delete from stratum.schema_migrations where name = $1", [
      MIGRATION_NAMES.find((name) => name.startsWith("Purge")),
    ]);
    // The statements of the migration that is run again fail, and not for want of rights.
    expect(await codeOf(migrate(other))).toBe("MIGRATION_FAILED");
  });

  it("are made by eight databases at the same moment", async () => {
    await admin.query("create role swarm login createrole password 'x'");
    const names = Array.from({ length: 8 }, (_, n) => `swarm_${n}`);
    for (const name of ["first", "second"]) await admin.query(`drop database ${name} with (force)`);
    await admin.query(
      "drop role stratum_audit, stratum_context, stratum_maintenance, stratum_subtree, stratum_tenant",
    );
    for (const name of names) await createDatabase(name, "swarm");
    const swarm = names.map((name) => as("swarm", name));
    await Promise.all(swarm.map((pool) => migrate(pool)));
    for (const pool of swarm.slice(0, 2)) {
      await record(pool);
      expect(await erase(pool)).toMatchObject([[{ deleted: 1 }], {}]);
    }
    const stratum = new Stratum({ pool: swarm[0]! });
    await stratum.createTenant({ name: "works" });
    await stratum.close();
  });
});
