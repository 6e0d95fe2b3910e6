import { LOGINS, useTenantTables } from "../../../../test/support/use-tenant-tables";
import { tenantPoolContract } from "../../../../test/support/tenant-pool.contract";

describe("the pg adapter", () => {
  const t = useTenantTables();
  const made = new Map<string, ReturnType<typeof t.tenantPool>>();

  /** One pool for each way, for all of its contract. */
  function once(way: string, make: () => ReturnType<typeof t.tenantPool>) {
    const pool = made.get(way) ?? make();
    made.set(way, pool);
    return { pool, a: t.a, b: t.b };
  }

  for (const login of LOGINS) {
    tenantPoolContract(login, () => once(login, () => t.tenantPool(login)));
  }
  tenantPoolContract("one connection", () =>
    once("one", () => t.tenantPool("member", {}, { max: 1 })),
  );
  tenantPoolContract("no prepared statements", () =>
    once("off", () => t.tenantPool("hardened", { preparedStatements: "off" })),
  );
  tenantPoolContract("no message groups", () =>
    once("plain", () => t.tenantPool("member", { messageGroups: "off" })),
  );
  tenantPoolContract("pg's own pipeline", () =>
    once("pipeline", () => t.tenantPool("member", {}, { pipeline: true })),
  );
});
