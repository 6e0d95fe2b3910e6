import { Injectable, Module } from "@nestjs/common";
import { Test, type TestingModule } from "@nestjs/testing";
import {
  ClsPluginTransactional,
  Propagation,
  Transactional,
  TransactionHost,
} from "@nestjs-cls/transactional";
import {
  InjectTenantEntityManager,
  InjectTenantRepository,
  Stratum,
  StratumModule,
  type Tenant,
  type TenantTransactionalAdapter,
} from "@stratum-hq/lib";
import { ClsModule, ClsService } from "nestjs-cls";
import { Entity, EntityManager, PrimaryGeneratedColumn, Repository } from "typeorm";
import { Label, Project, Task } from "../../../../test/support/entities";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

@Injectable()
class Tasks {
  constructor(
    @InjectTenantRepository(Task) readonly tasks: Repository<Task>,
    @InjectTenantRepository(Project) readonly projects: Repository<Project>,
    @InjectTenantEntityManager() readonly manager: EntityManager,
    readonly host: TransactionHost<TenantTransactionalAdapter>,
    readonly stratum: Stratum,
  ) {}

  add(note: string, amount = 0): Promise<Task> {
    return this.tasks.save(this.tasks.create({ note, amount }));
  }

  @Transactional()
  async addAll(notes: readonly string[], fail = false): Promise<void> {
    await Promise.all(notes.map((note) => this.add(note)));
    if (fail) throw new Error("of the work");
  }

  @Transactional(Propagation.Nested)
  async addNested(note: string, amount = 0): Promise<void> {
    await this.add(note, amount);
  }

  @Transactional(Propagation.RequiresNew)
  async addApart(note: string): Promise<void> {
    await this.add(note);
  }

  @Transactional(Propagation.NotSupported)
  async addOutside(note: string): Promise<void> {
    await this.add(note);
  }

  @Transactional<TenantTransactionalAdapter>({ isolation: "serializable", readOnly: true })
  async modes(): Promise<unknown> {
    const text =
      "select current_setting('transaction_isolation') as isolation, current_setting('transaction_read_only') as read_only";
    return this.manager.query(text);
  }

  @Transactional()
  async within<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}

/** Two modules of the application, each with entities of its own; one refers to the other's. */
@Module({ imports: [StratumModule.forFeature([Project])] })
class ProjectsModule {}

@Module({
  imports: [
    StratumModule.forFeature([Task, Label]),
    StratumModule.forFeature([Project]),
    ProjectsModule,
  ],
  providers: [Tasks],
})
class TasksModule {}

describe("forFeature, repositories and @Transactional()", () => {
  const t = useStratum({ max: 4 });
  let app: TestingModule;
  let tasks: Tasks;
  let a: Tenant;
  let b: Tenant;

  beforeAll(async () => {
    app = await Test.createTestingModule({
      imports: [
        StratumModule.forRootAsync({ useFactory: () => ({ pool: t.pool, worker: false }) }),
        TasksModule,
      ],
    }).compile();
    await app.init();
    tasks = app.get(Tasks);
    a = await tasks.stratum.createTenant({ name: "a" });
    b = await tasks.stratum.createTenant({ name: "b", isolation_strategy: "SCHEMA_PER_TENANT" });
  });
  afterAll(() => app.close());

  const as = <T>(tenant: Tenant, work: () => Promise<T>): Promise<T> =>
    tasks.stratum.runInTenant(tenant.id, work);
  const notes = (tenant: Tenant, prefix: string): Promise<string[]> =>
    as(tenant, async () => {
      const found = await tasks.tasks.find({ order: { note: "ASC" } });
      return found.map(({ note }) => note).filter((note) => note.startsWith(prefix));
    });

  it("has created the tables, and repositories of the tenant in context", async () => {
    const added = await as(a, () => tasks.add("first"));
    expect(added.tenantId).toBe(a.id);
    expect([await notes(a, "first"), await notes(b, "first")]).toEqual([["first"], []]);
    expect(tasks.tasks).toBeInstanceOf(Repository);
    expect(tasks.manager).toBeInstanceOf(EntityManager);
    expect(tasks.tasks.metadata.tableName).toBe("tasks");
    expect(await codeOf(tasks.tasks.find())).toBe("TENANT_CONTEXT_MISSING");
    expect(await codeOf(tasks.manager.find(Task))).toBe("TENANT_CONTEXT_MISSING");
  });

  it("commits what a method did at once, and takes it back when it fails", async () => {
    await as(a, () => tasks.addAll(["all 1", "all 2", "all 3"]));
    await expect(as(a, () => tasks.addAll(["all 4", "all 5"], true))).rejects.toThrow(
      "of the work",
    );
    expect(await notes(a, "all")).toEqual(["all 1", "all 2", "all 3"]);
  });

  it("nests by savepoints, and begins apart where it is told to", async () => {
    const failure = as(a, () =>
      tasks.within(async () => {
        await tasks.add("nest outer");
        await expect(tasks.addNested("nest bad", -1)).rejects.toMatchObject({ code: "23514" });
        await tasks.addNested("nest inner");
        expect(await tasks.tasks.countBy({ note: "nest outer" })).toBe(1);
        await tasks.addApart("nest apart");
        await tasks.addOutside("nest outside");
        throw new Error("of the work");
      }),
    );
    await expect(failure).rejects.toThrow("of the work");
    expect(await notes(a, "nest")).toEqual(["nest apart", "nest outside"]);
    await as(a, () =>
      tasks.within(async () => {
        await tasks.addNested("nested bad", -1).catch(() => undefined);
        await tasks.addNested("nested good");
      }),
    );
    expect(await notes(a, "nested")).toEqual(["nested good"]);
  });

  it("takes the tenants' pool along, its statements, transactions and connections", async () => {
    const pool = await tasks.stratum.tenantPool();
    const insert = "insert into tasks (note) values ($1)";
    const failure = as(a, () =>
      tasks.within(async () => {
        await pool.query(insert, ["pool 1"]);
        await pool.transaction(async (client) => {
          await client.query(insert, ["pool 2"]);
          await tasks.add("pool 3");
        });
        const client = await pool.connect();
        await client.query(insert, ["pool 4"]);
        client.release();
        expect(await tasks.tasks.find({ where: { amount: 0 } })).toHaveLength(
          (await pool.query("select from tasks")).rowCount!,
        );
        expect(await notes(a, "pool")).toEqual(["pool 1", "pool 2", "pool 3", "pool 4"]);
        throw new Error("of the work");
      }),
    );
    await expect(failure).rejects.toThrow("of the work");
    expect(await notes(a, "pool")).toEqual([]);
  });

  it("leaves the pool of another Stratum alone", async () => {
    const others = await t.stratum.tenantPool();
    const count = "select from tasks where note = 'mine'";
    await as(a, () =>
      tasks.within(async () => {
        await tasks.add("mine");
        expect((await others.query(count)).rowCount).toBe(0);
      }),
    );
    expect((await as(a, () => others.query(count))).rowCount).toBe(1);
  });

  it("takes the entity manager and its own transactions along", async () => {
    const failure = as(a, () =>
      tasks.within(async () => {
        await tasks.manager.transaction((inside) => inside.insert(Task, { note: "manager 1" }));
        await tasks.manager.dataSource.manager.save(Task, { note: "manager 2" });
        expect(await notes(a, "manager")).toEqual(["manager 1", "manager 2"]);
        throw new Error("of the work");
      }),
    );
    await expect(failure).rejects.toThrow("of the work");
    expect(await notes(a, "manager")).toEqual([]);
  });

  it("begins as the method says", async () => {
    expect(await as(a, () => tasks.modes())).toEqual([
      { isolation: "serializable", read_only: "on" },
    ]);
  });

  it("has no transaction outside of a tenant, none for another one, and none that has ended", async () => {
    expect(await codeOf(tasks.addAll(["nobody's"]))).toBe("TENANT_CONTEXT_MISSING");
    expect(() => tasks.host.tx).toThrow(
      expect.objectContaining({ code: "TRANSACTION_REQUIRED" }) as Error,
    );
    let later: () => Promise<string> = () => Promise.resolve("");
    await as(a, () =>
      tasks.within(async () => {
        const pool = await tasks.stratum.tenantPool();
        const foreign = [
          () => tasks.tasks.find(),
          () => tasks.addAll(["foreign"]),
          () => tasks.addNested("foreign"),
          () => pool.query("select from tasks"),
        ];
        for (const each of foreign) {
          expect(await as(b, () => codeOf(each()))).toBe("TENANT_CONTEXT_MISSING");
        }
        await as(b, () => tasks.addApart("apart"));
        const { tx } = tasks.host;
        later = () => codeOf(tx.find(Task));
      }),
    );
    expect(await as(a, () => later())).not.toBe("ok");
    expect([await notes(b, "foreign"), await notes(b, "apart")]).toEqual([[], ["apart"]]);
  });

  it("has the entities in a tenant's export, and none once the tenant is purged", async () => {
    const { stratum } = tasks;
    for (const isolation_strategy of ["SHARED_RLS", "SCHEMA_PER_TENANT"] as const) {
      const leaving = await stratum.createTenant({ name: "leaving", isolation_strategy });
      await as(leaving, () => tasks.addAll(["exported 1", "exported 2"]));
      const exported = JSON.stringify(await stratum.exportTenantData(leaving.id));
      expect(exported).toContain("exported 1");
      expect(exported).not.toContain("all 1");
      await stratum.purgeTenant(leaving.id);
      expect(await t.rows("select from tasks where tenant_id = $1", [leaving.id])).toEqual([]);
    }
  });

  it("serves tenants at once, each transaction its own", async () => {
    const each = Array.from({ length: 60 }, async (_, n) => {
      const [tenant, other] = n % 2 === 0 ? [a, b] : [b, a];
      await as(tenant, () =>
        tasks.within(async () => {
          await tasks.add(`at once ${tenant.slug} ${n}`);
          if (n % 5 === 0) await tasks.addNested("at once never", -1).catch(() => undefined);
          const found = await tasks.tasks.find();
          expect(new Set(found.map(({ tenantId }) => tenantId))).toEqual(new Set([tenant.id]));
          expect(found.some(({ note }) => note.startsWith(`at once ${other.slug}`))).toBe(false);
        }),
      );
    });
    await Promise.all(each);
    expect((await notes(a, "at once")).length + (await notes(b, "at once")).length).toBe(60);
  });
});

describe("an application that uses nestjs-cls itself", () => {
  const t = useStratum();
  const stratum = () => StratumModule.forRoot({ pool: t.pool, worker: false });

  it("keeps its store across a tenant's context, and transactions of its own under a name", async () => {
    const seen: unknown[] = [];
    const app = await Test.createTestingModule({
      imports: [
        ClsModule.forRoot({ global: true, plugins: [hostPlugin("theirs", seen)] }),
        stratum(),
        TasksModule,
      ],
    }).compile();
    await app.init();
    const { a } = await t.grow(["a"]);
    const cls = app.get(ClsService);
    const tasks = app.get(Tasks);
    await cls.run(async () => {
      cls.set("user", "ada");
      await tasks.stratum.runInTenant(a!.id, () =>
        tasks.within(async () => {
          expect(cls.get("user")).toBe("ada");
          await TransactionHost.getInstance("theirs").withTransaction(() => tasks.add("both"));
        }),
      );
      expect(
        await tasks.stratum.runInTenant(a!.id, () => tasks.tasks.countBy({ note: "both" })),
      ).toBe(1);
    });
    expect(seen).toEqual(["begun"]);
    await app.close();
  });

  it("is refused where another plugin takes the name that the tenants' has", async () => {
    const app = await Test.createTestingModule({
      imports: [ClsModule.forRoot({ plugins: [hostPlugin(undefined, [])] }), stratum()],
    }).compile();
    await expect(app.init()).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  });

  it("is refused for an entity whose table could not hold two tenants' rows, and creates nothing", async () => {
    @Entity("counted")
    class Counted {
      @PrimaryGeneratedColumn()
      id!: number;
    }
    @Entity("elsewhere", { schema: "audit" })
    class Elsewhere {
      @PrimaryGeneratedColumn("uuid")
      id!: string;
    }
    for (const entity of [Counted, Elsewhere]) {
      const app = await Test.createTestingModule({
        imports: [stratum(), StratumModule.forFeature([entity])],
      }).compile();
      await expect(app.init()).rejects.toMatchObject({ code: "TENANT_TABLE_INVALID" });
    }
    expect(await t.rows("select from pg_class where relname in ('counted', 'elsewhere')")).toEqual(
      [],
    );
  });
});

/** A host application's own transactions, of something that is no tenants' table. */
function hostPlugin(connectionName: string | undefined, seen: unknown[]) {
  return new ClsPluginTransactional({
    ...(connectionName === undefined ? {} : { connectionName }),
    adapter: {
      connection: {},
      optionsFactory: () => ({
        wrapWithTransaction: (
          _: unknown,
          work: () => Promise<unknown>,
          setTx: (tx?: object) => void,
        ) => {
          seen.push("begun");
          setTx({});
          return work();
        },
        getFallbackInstance: () => ({}),
      }),
    },
  });
}
