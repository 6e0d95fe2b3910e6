import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ForbiddenError } from "@stratum-hq/core";
import { installKey, useTenantTables } from "../../../../test/support/use-tenant-tables";
import { codeOf } from "../../../../test/support/use-stratum";
import { ContextKey } from "../context/context-key";
import { ContextSigner } from "../context/context-signer";
import type { IdleConnection, Placement } from "../placement/placement";
import type { TenantPool } from "./tenant-pool";

const CONTEXT = "select left(current_setting('stratum.context'), 16) as key";

describe("a tenant's connection, before a context is signed for it", () => {
  const t = useTenantTables();
  let pool: TenantPool;
  let signer: ContextSigner;
  let asked = 0;
  let certain: NonNullable<Placement["certain"]> = () => null;

  beforeAll(() => {
    signer = new ContextSigner(t.key);
    const connections = t.pool("hardened", { max: 1 });
    const placement: Placement = {
      ...{ connections, schema: "public" },
      certain: (connection) => {
        asked += 1;
        return certain(connection);
      },
    };
    pool = t.tenantPool("hardened", { signer, placementOf: () => placement });
  });
  beforeEach(() => {
    certain = () => null;
    asked = 0;
  });

  const inTenant = <T>(work: () => Promise<T>) => pool.scope.run(t.a, work);

  it("asks once for each context, and not inside of a transaction", async () => {
    await inTenant(() => pool.query("select 1"));
    expect(asked).toBe(1);
    await inTenant(() =>
      pool.transaction(async (client) => {
        await client.query("select 1");
        await client.transaction(() => client.query("select 2"));
      }),
    );
    expect(asked).toBe(2);
  });

  it.each([
    ["a statement", (client: Client) => client.query(CONTEXT)],
    ["a transaction", (client: Client) => client.transaction((tx) => tx.query(CONTEXT))],
  ])(
    "waits before %s, also on a client that is kept, and signs with the key of then",
    async (_, use) => {
      const next = new ContextKey(randomBytes(32));
      await inTenant(async () => {
        const client = await pool.connect();
        await client.query(CONTEXT);
        certain = async () => {
          await installKey(t.database.pool, next);
          signer.use(next);
        };
        expect((await use(client)).rows).toEqual([{ key: next.id }]);
        client.release();
      });
      signer.use(t.key);
    },
  );

  it("offers itself for a verification, which says whether the database knows the key", async () => {
    const verdicts: string[] = [];
    certain = async (connection: IdleConnection) => {
      signer.use(new ContextKey(randomBytes(32)));
      verdicts.push(await codeOf(connection.verify()));
      signer.use(t.key);
      verdicts.push(await codeOf(connection.verify()));
    };
    expect(await codeOf(inTenant(() => pool.query("select 1")))).toBe("ok");
    expect(verdicts).toEqual(["TENANT_CONTEXT_FORGED", "ok"]);
  });

  it("is refused where nothing is certain, and goes on afterwards", async () => {
    await inTenant(async () => {
      const client = await pool.connect();
      certain = () => Promise.reject(new ForbiddenError("no"));
      expect(await codeOf(client.query("select 1"))).toBe("FORBIDDEN");
      expect(await codeOf(client.transaction((tx) => tx.query("select 1")))).toBe("FORBIDDEN");
      certain = () => null;
      expect(await codeOf(client.query("select 1"))).toBe("ok");
      client.release();
    });
  });

  it("signs nothing for a tenant whose work has ended meanwhile", async () => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    certain = () => ended;
    let late: Promise<string> | undefined;
    await inTenant(async () => {
      late = codeOf(pool.query("select 1"));
      while (asked === 0) await sleep(1);
    });
    end();
    expect(await late).toBe("TENANT_CONTEXT_MISSING");
  });
});

type Client = Awaited<ReturnType<TenantPool["connect"]>>;
