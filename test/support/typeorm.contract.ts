import { TenantContextMissingError } from "@stratum-hq/core";
import type { TenantPool } from "@stratum-hq/db-adapters";
import { TenantDataSource } from "@stratum-hq/db-adapters/typeorm";
import type { EntityManager } from "typeorm";
import { ENTITIES, Label, Project, Task } from "./entities";
import { times } from "./scale";
import { codeOf } from "./use-stratum";

/** A pool, and two tenants with the tables of {@link ENTITIES}, wherever those are. */
export interface EntitiesUnderTest {
  readonly pool: TenantPool;
  readonly a: string;
  readonly b: string;
}

/** What TypeORM keeps to over a tenants' pool, under every placement of the tenants' rows. */
export function typeormContract(name: string, make: () => EntitiesUnderTest): void {
  describe(`TypeORM over ${name}`, () => {
    let source: TenantDataSource;
    let t: EntitiesUnderTest;

    beforeAll(async () => {
      t = make();
      source = await new TenantDataSource(t.pool, { entities: ENTITIES }).initialize();
    });
    afterAll(() => source.destroy());

    const as = <T>(tenant: string, work: (manager: EntityManager) => Promise<T>): Promise<T> =>
      t.pool.scope.run(tenant, () => work(source.manager));
    const notes = (tenant: string, prefix: string): Promise<string[]> =>
      as(tenant, async (manager) => {
        const found = await manager
          .createQueryBuilder(Task, "task")
          .where("task.note like :prefix", { prefix: `${prefix}%` })
          .orderBy("task.note")
          .getMany();
        return found.map(({ note }) => note);
      });

    it("saves an entity and what cascades reach, each row its tenant's, and finds them with relations", async () => {
      const saved = await as(t.a, (manager) =>
        manager.save(
          manager.create(Project, { name: "one", tasks: [{ note: "x" }, { note: "y" }] }),
        ),
      );
      expect([saved.tenantId, ...saved.tasks.map(({ tenantId }) => tenantId)]).toEqual([
        t.a,
        t.a,
        t.a,
      ]);
      const find = (manager: EntityManager) =>
        manager.findOne(Project, { where: { id: saved.id }, relations: { tasks: true } });
      expect((await as(t.a, find))?.tasks.map(({ note }) => note).sort()).toEqual(["x", "y"]);
      expect(await as(t.b, find)).toBeNull();
      const changed = await as(t.a, async (manager) => {
        const [task] = saved.tasks;
        await manager.save(Object.assign(task!, { note: "z", project: null }));
        await manager.update(Task, { note: "y" }, { amount: 4 });
        await manager.remove(await manager.findOneByOrFail(Task, { note: "y" }));
        return manager.findBy(Task, { id: task!.id });
      });
      expect(changed).toMatchObject([{ note: "z", tenantId: t.a }]);
    });

    it("binds the tenant in insert() and upsert() too, and leaves it to PostgreSQL where the entity does", async () => {
      const [inserted, upserted, label] = await as(t.a, async (manager) => [
        await manager.insert(Task, { note: "inserted" }),
        await manager.upsert(Project, { name: "upserted" }, ["tenantId", "name"]),
        await manager.save(manager.create(Label, { colour: "green" })),
      ]);
      expect(inserted.generatedMaps).toHaveLength(1);
      expect(upserted.identifiers).toHaveLength(1);
      expect(await as(t.b, (manager) => manager.countBy(Label, { id: label.id }))).toBe(0);
      const rows = await as(t.a, (manager) => manager.findBy(Task, { note: "inserted" }));
      expect(rows).toMatchObject([{ tenantId: t.a }]);
    });

    it("refuses an entity that says it is another tenant's, as PostgreSQL does", async () => {
      const planted = as(t.a, (manager) =>
        manager.save(manager.create(Task, { note: "planted", tenantId: t.b })),
      );
      await expect(planted).rejects.toMatchObject({ code: "42501" });
      const own = await as(t.a, (manager) => manager.save(manager.create(Task, { note: "own" })));
      const givenAway = as(t.a, (manager) => manager.save(Object.assign(own, { tenantId: t.b })));
      await expect(givenAway).rejects.toMatchObject({ code: "42501" });
      expect(await notes(t.b, "planted")).toEqual([]);
      expect(await notes(t.a, "own")).toEqual(["own"]);
    });

    it("commits what resolves, takes back what rejects, and nests by savepoints", async () => {
      await as(t.a, (manager) =>
        manager.transaction(async (outer) => {
          await outer.save(outer.create(Task, { note: "nest 1" }));
          const inner = outer.transaction(async (nested) => {
            await nested.save(nested.create(Task, { note: "nest 2" }));
            await nested.transaction((deepest) => deepest.insert(Task, { note: "nest 3" }));
            await nested.save(nested.create(Task, { note: "nest 4", amount: -1 }));
          });
          await expect(inner).rejects.toMatchObject({ code: "23514" });
          await outer.transaction((nested) => nested.insert(Task, { note: "nest 5" }));
        }),
      );
      const failure = as(t.a, (manager) =>
        manager.transaction(async (inside) => {
          await inside.insert(Task, { note: "nest 6" });
          throw new Error("of the work");
        }),
      );
      await expect(failure).rejects.toThrow("of the work");
      expect(await notes(t.a, "nest")).toEqual(["nest 1", "nest 5"]);
      expect(await notes(t.b, "nest")).toEqual([]);
    });

    it("leaves the outer transaction as it is where a nested one cannot start", async () => {
      const failing = as(t.a, (manager) =>
        manager.transaction(async (outer) => {
          await outer.insert(Task, { note: "unstarted 1" });
          const inner = t.pool.scope.run(t.b, () =>
            codeOf(outer.transaction(() => Promise.resolve())),
          );
          expect(await inner).toBe("TENANT_CONTEXT_MISSING");
          await outer.insert(Task, { note: "unstarted 2" });
          throw new Error("of the work");
        }),
      );
      await expect(failing).rejects.toThrow("of the work");
      expect(await notes(t.a, "unstarted")).toEqual([]);
    });

    it("keeps the isolation level, which TypeORM says after it began", async () => {
      const show = (level: "SERIALIZABLE" | "REPEATABLE READ" | "READ UNCOMMITTED") =>
        as(t.a, (manager) =>
          manager.transaction(level, (inside) =>
            inside.query<{ transaction_isolation: string }[]>(
              "select current_setting('transaction_isolation') as transaction_isolation",
            ),
          ),
        );
      const [serializable, repeatable, uncommitted] = [
        await show("SERIALIZABLE"),
        await show("REPEATABLE READ"),
        await show("READ UNCOMMITTED"),
      ].map(([row]) => row!.transaction_isolation);
      expect([serializable, repeatable, uncommitted]).toEqual([
        "serializable",
        "repeatable read",
        "read committed",
      ]);
    });

    it("serves tenants at once, each its own rows, with failures in between", async () => {
      for (const tenant of [t.a, t.b]) {
        await as(tenant, (manager) => manager.insert(Task, { note: `at once ${tenant}` }));
      }
      const each = Array.from({ length: times(100, 2000) }, async (_, n) => {
        const [tenant, other] = n % 2 === 0 ? [t.a, t.b] : [t.b, t.a];
        await as(tenant, async (manager) => {
          if (n % 7 === 0) await manager.query("select 1 / 0").catch(() => undefined);
          if (n % 5 === 0) {
            const failing = manager.save(manager.create(Task, { note: "never", amount: -1 }));
            await failing.catch(() => undefined);
          }
          const find = (by: EntityManager) => by.find(Task, { relations: { project: true } });
          const found = n % 3 === 0 ? await manager.transaction(find) : await find(manager);
          const owners = new Set(found.map(({ tenantId }) => tenantId));
          expect(owners).toEqual(new Set([tenant]));
          expect(found.map(({ note }) => note)).not.toContain(`at once ${other}`);
        });
      });
      await Promise.all(each);
      expect([await notes(t.a, "never"), await notes(t.b, "never")]).toEqual([[], []]);
    });

    it("tells who swallowed an error inside that nothing was committed", async () => {
      const swallowing = as(t.a, (manager) =>
        manager.transaction(async (inside) => {
          await inside.insert(Task, { note: "swallowed" });
          await inside.query("select 1 / 0").catch(() => undefined);
        }),
      );
      expect(await codeOf(swallowing)).toBe("TRANSACTION_ABORTED");
      expect(await notes(t.a, "swallowed")).toEqual([]);
    });

    it("streams in a transaction, the tenant's own rows, and fails outside of one", async () => {
      const amounts = await as(t.a, (manager) =>
        manager.transaction(async (inside) => {
          const rows = Array.from({ length: 250 }, (_, n) => ({ note: "streamed", amount: n }));
          await inside.insert(Task, rows);
          const stream = await inside
            .createQueryBuilder(Task, "task")
            .where("task.note = 'streamed'")
            .orderBy("task.amount")
            .stream();
          const seen: number[] = [];
          for await (const row of stream) {
            const { task_amount, task_tenant_id } = row as unknown as Record<string, unknown>;
            expect(task_tenant_id).toBe(t.a);
            seen.push(task_amount as number);
          }
          return seen;
        }),
      );
      expect(amounts).toEqual(Array.from({ length: 250 }, (_, n) => n));
      const after = await as(t.a, (manager) =>
        manager.transaction(async (inside) => {
          const endless = await inside.queryRunner!.stream(
            "select n from generate_series(1, 100000) as n",
          );
          for await (const row of endless) {
            expect(row as unknown).toEqual({ n: 1 });
            break;
          }
          return inside.query<unknown[]>("select name from pg_cursors where name <> ''");
        }),
      );
      expect(after).toEqual([]);
      const outside = as(t.a, async (manager) => {
        const stream = await manager.createQueryBuilder(Task, "task").stream();
        for await (const row of stream) expect(row).toBeUndefined();
      });
      expect(await codeOf(outside)).toBe("TRANSACTION_REQUIRED");
    });

    it("has nothing outside of a tenant's context, nor after it has ended", async () => {
      const refused = [
        source.manager.find(Task),
        source.manager.save(source.manager.create(Task, { note: "nobody's" })),
        source.query("select 1"),
        source.transaction(() => Promise.resolve()),
        source.createQueryBuilder(Task, "task").getMany(),
        source.manager.delete(Task, { note: "x" }),
      ].map(codeOf);
      expect(new Set(await Promise.all(refused))).toEqual(new Set(["TENANT_CONTEXT_MISSING"]));
      await expect(source.manager.find(Task)).rejects.toBeInstanceOf(TenantContextMissingError);
      const runner = source.createQueryRunner();
      const stream = await as(t.a, async () => {
        await runner.startTransaction();
        await runner.manager.find(Task);
        return runner.stream("select n from generate_series(1, 1000) as n");
      });
      const reading = (async () => {
        for await (const row of stream) expect(row).toBeUndefined();
      })();
      expect(await codeOf(reading)).toBe("TENANT_CONTEXT_MISSING");
      // Not wrapped by TypeORM, also where a statement is refused on a connection that is there.
      await expect(runner.manager.find(Task)).rejects.toBeInstanceOf(TenantContextMissingError);
      expect(await as(t.b, () => codeOf(runner.manager.find(Task)))).toBe("TENANT_CONTEXT_MISSING");
      await runner.rollbackTransaction();
      await runner.release();
    });

    it("forbids what a tenant's statement may not begin with, and everything that changes tables", async () => {
      await as(t.a, async (manager) => {
        for (const text of [
          "commit",
          "START TRANSACTION",
          "SAVEPOINT typeorm_1",
          "set role none",
        ]) {
          expect([text, await codeOf(manager.query(text))]).toEqual([text, "STATEMENT_FORBIDDEN"]);
        }
        const inside = manager.transaction((each) => each.query("COMMIT"));
        expect(await codeOf(inside)).toBe("STATEMENT_FORBIDDEN");
        const changes: Record<string, () => Promise<unknown>> = {
          "synchronize()": () => source.synchronize(),
          "dropDatabase()": () => source.dropDatabase(),
          "runMigrations()": () => source.runMigrations(),
          "undoLastMigration()": () => source.undoLastMigration(),
          "showMigrations()": () => source.showMigrations(),
          "createSchemaBuilder()": () => source.driver.createSchemaBuilder().build(),
        };
        for (const [operation, change] of Object.entries(changes)) {
          const refused = (async () => change())();
          await expect(refused).rejects.toMatchObject({
            code: "SCHEMA_CHANGE_FORBIDDEN",
            details: { operation },
          });
        }
      });
    });
  });
}
