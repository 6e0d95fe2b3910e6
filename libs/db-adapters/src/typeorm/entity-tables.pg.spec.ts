import { randomUUID } from "node:crypto";
import { TenantPool, withTenantContext } from "@stratum-hq/db-adapters";
import { EntityTables, TenantDataSource, TenantIdColumn } from "@stratum-hq/db-adapters/typeorm";
import {
  Column,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  ViewEntity,
} from "typeorm";
import { ENTITIES, Label, Project, Task } from "../../../../test/support/entities";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";

@Entity("currencies")
class Currency {
  @PrimaryColumn("text")
  code!: string;
}

@Entity("invoices")
@Index(["tenantId", "label"])
class Invoice {
  @TenantIdColumn({ primary: true })
  tenantId!: string;

  @PrimaryGeneratedColumn()
  id!: number;

  @Column("text", { nullable: true })
  label!: string | null;

  @ManyToOne(() => Currency)
  currency!: Currency;

  @ManyToOne(() => Project, { onDelete: "SET NULL", nullable: true })
  project!: Project | null;

  @ManyToOne(() => Invoice, { nullable: true })
  replaced!: Invoice | null;
}

describe("the tables of entities", () => {
  const t = useTenantTables();
  let schemas = 0;

  const sourceOf = (entities: (new () => object)[]): Promise<TenantDataSource> => {
    const pool = new TenantPool({ pool: t.database.pool, signer: t.signer });
    return new TenantDataSource(pool, { entities }).initialize();
  };

  /** Creates tables in a schema, a new one where none is named, in a transaction of the caller's. */
  async function create(
    entities: (new () => object)[],
    { references = [], schema = `made_${(schemas += 1)}`, end = "commit" }: Partial<Creation> = {},
  ): Promise<string> {
    const tables = new EntityTables(await sourceOf(entities), references);
    const client = await t.database.pool.connect();
    try {
      await client.query("begin");
      await client.query(`create schema if not exists ${schema}`);
      await tables.create(client, schema);
      await client.query(end);
    } catch (error) {
      await client.query("rollback");
      throw error;
    } finally {
      client.release();
    }
    return schema;
  }

  interface Creation {
    readonly references: (new () => object)[];
    readonly schema: string;
    readonly end: "commit" | "rollback";
  }

  const rows = async (text: string, values: unknown[] = []) =>
    (await t.database.pool.query<Record<string, unknown>>(text, values)).rows;
  const tablesIn = async (schema: string) =>
    (
      await rows("select tablename as n from pg_tables where schemaname = $1 order by 1", [schema])
    ).map(({ n }) => n);

  it("come in the order of their foreign keys, which pair tenant_id", async () => {
    const { names } = new EntityTables(await sourceOf([Invoice, Task, Project, Label, Currency]));
    expect(names.indexOf("projects")).toBeLessThan(names.indexOf("tasks"));
    expect(names.indexOf("currencies")).toBeLessThan(names.indexOf("invoices"));
    const schema = await create([Invoice, Currency, Project, Task], { references: [Currency] });
    const keys = await rows(
      `select pg_get_constraintdef(oid) as definition from pg_constraint
       where contype = 'f' and connamespace = $1::regnamespace order by 1`,
      [schema],
    );
    expect(keys.map(({ definition }) => definition)).toEqual([
      `FOREIGN KEY ("currencyCode") REFERENCES ${schema}.currencies(code)`,
      `FOREIGN KEY (tenant_id, "projectId") REFERENCES ${schema}.projects(tenant_id, id) ON DELETE SET NULL ("projectId")`,
      `FOREIGN KEY (tenant_id, "replacedId") REFERENCES ${schema}.invoices(tenant_id, id)`,
      `FOREIGN KEY (tenant_id, project_id) REFERENCES ${schema}.projects(tenant_id, id) ON DELETE CASCADE`,
    ]);
  });

  it("refer to no row of another tenant, and are emptied with the tenant's own", async () => {
    const schema = await create(ENTITIES);
    const [a, b] = [randomUUID(), randomUUID()];
    const pool = new TenantPool({ pool: t.database.pool, signer: t.signer, schema });
    const source = await new TenantDataSource(pool, { entities: ENTITIES }).initialize();
    const { manager } = source;
    const theirs = await pool.scope.run(b, () =>
      manager.save(manager.create(Project, { name: "theirs" })),
    );
    const planted = pool.scope.run(a, () =>
      manager.save(Task, { note: "x", project: { id: theirs.id } }),
    );
    await expect(planted).rejects.toMatchObject({ code: "23503" });
    await pool.scope.run(b, async () => {
      await manager.save(Task, { note: "x", project: theirs });
      await manager.remove(theirs);
      expect(await manager.count(Task)).toBe(0);
    });
  });

  it("are created where they are missing, and nothing that is there is changed or dropped", async () => {
    const schema = await create(ENTITIES);
    await rows(`drop table ${schema}.tasks, ${schema}.labels`);
    await rows(`drop type ${schema}.labels_colour_enum`);
    await rows(`alter table ${schema}.projects add column kept text, drop column name cascade`);
    await rows(`create table ${schema}.others (id integer)`);
    await create(ENTITIES, { schema });
    expect(await tablesIn(schema)).toEqual(["labels", "others", "projects", "tasks"]);
    const columns = await rows(
      "select column_name as n from information_schema.columns where table_schema = $1 and table_name = 'projects'",
      [schema],
    );
    expect(columns.map(({ n }) => n).sort()).toEqual(["id", "kept", "tenant_id"]);
  });

  it("are made to hold tenants' rows where they were there before", async () => {
    const schema = await create([]);
    await rows(`create table ${schema}.labels (id uuid primary key)`);
    await create([Label], { schema });
    const policies = await rows("select polname from pg_policy where polrelid = $1::regclass", [
      `${schema}.labels`,
    ]);
    const wanted = ["stratum_isolation", "stratum_access", "stratum_maintenance"];
    expect(policies.map(({ polname }) => polname)).toEqual(expect.arrayContaining(wanted));
  });

  it("stay the caller's transaction's", async () => {
    const schema = await create(ENTITIES, { end: "rollback" });
    expect(await rows("select from pg_namespace where nspname = $1", [schema])).toEqual([]);
  });

  it("may refer to reference entities, which tenants read and do not write", async () => {
    const schema = await create([Invoice, Currency, Project, Task], { references: [Currency] });
    await rows(`insert into ${schema}.currencies values ('EUR')`);
    const pool = new TenantPool({ pool: t.database.pool, signer: t.signer, schema });
    await withTenantContext(pool, t.a, async (client) => {
      await client.query(`insert into invoices ("currencyCode") values ('EUR')`);
      const write = client.transaction(() => client.query("insert into currencies values ('USD')"));
      await expect(write).rejects.toMatchObject({ code: "42501" });
    });
    const refused = create([Invoice, Currency, Project, Task]);
    await expect(refused).rejects.toMatchObject({ code: "TENANT_TABLE_INVALID" });
  });

  it("are refused where they could not hold two tenants' rows, or move", async () => {
    @Entity("counted")
    class Counted {
      @PrimaryGeneratedColumn()
      id!: number;
    }
    @Entity("named")
    @Unique(["name"])
    class Named {
      @PrimaryGeneratedColumn("uuid")
      id!: string;

      @Column("text")
      name!: string;
    }
    @Entity("pointing")
    class Pointing {
      @PrimaryGeneratedColumn("uuid")
      id!: string;

      @ManyToOne(() => Project)
      project!: Project;
    }
    @Entity("tagged")
    class Tagged {
      @PrimaryGeneratedColumn("uuid")
      id!: string;

      @ManyToMany(() => Label)
      @JoinTable()
      labels!: Label[];
    }
    @Entity("elsewhere", { schema: "audit" })
    class Elsewhere {
      @PrimaryGeneratedColumn("uuid")
      id!: string;
    }
    @Entity("Quoted")
    class Quoted {
      @PrimaryGeneratedColumn("uuid")
      id!: string;
    }
    @ViewEntity({ name: "seen", expression: "select 1 as id" })
    class Seen {}
    const invalid = [
      [Counted],
      [Named],
      [Pointing, Project, Task],
      [Tagged, Label],
      [Elsewhere],
      [Quoted],
      [Seen],
    ];
    for (const entities of invalid) {
      const refused = create(entities);
      await expect(refused).rejects.toMatchObject({ code: "TENANT_TABLE_INVALID" });
    }
  });

  it("are read by the index that tenant_id leads, by the policy alone", async () => {
    const schema = await create(ENTITIES);
    const pool = new TenantPool({ pool: t.database.pool, signer: t.signer, schema });
    const source = await new TenantDataSource(pool, { entities: ENTITIES }).initialize();
    for (const tenant of [t.a, t.b]) {
      await withTenantContext(pool, tenant, (client) =>
        client.query(
          "insert into tasks (note) select md5(n::text) from generate_series(1, 3000) as n",
        ),
      );
    }
    await rows(`analyze ${schema}.tasks`);
    const plan = await pool.scope.run(t.a, () => {
      const [text, values] = source
        .createQueryBuilder(Task, "task")
        .where("task.note = :note", { note: "x" })
        .getQueryAndParameters();
      return source.query<{ "QUERY PLAN": string }[]>(`explain (costs off) ${text}`, values);
    });
    const text = plan.map((line) => line["QUERY PLAN"]).join("\n");
    expect(text).toMatch(/Index Cond: .*tenant_id = .*note = 'x'/);
  });
});
