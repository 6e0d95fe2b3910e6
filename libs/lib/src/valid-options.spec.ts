import { StratumModule } from "./stratum.module";
import { Stratum } from "./stratum";
import type { StratumOptions } from "./stratum-options";

const pool = { connect: () => undefined, query: () => undefined, on: () => undefined };

/** The options that an error names; none where there is no error. */
function wrongIn(make: () => unknown): unknown {
  try {
    make();
    return [];
  } catch (error) {
    const { code, details } = error as { code: string; details: { issues: { path: string }[] } };
    expect(code).toBe("VALIDATION_ERROR");
    return details.issues.map(({ path }) => path);
  }
}

describe("options", () => {
  it.each<[unknown, string[]]>([
    [{ pool }, []],
    [{ pool, cacheSize: 0, contextKey: "x".repeat(32), keyPrefix: "sk_test_" }, []],
    [{ pool, http: { resolvers: [{ kind: "selector", select: () => null }] } }, []],
    [undefined, [""]],
    [null, [""]],
    ["postgres://", [""]],
    [{}, ["pool"]],
    [{ pool: "postgres://h/db" }, ["pool"]],
    [{ pool: {} }, ["pool"]],
    [{ pool, tenantPool: null }, ["tenantPool"]],
    [{ pool, contextKey: "short" }, ["contextKey"]],
    [{ pool, apiKeyPepper: new Uint8Array(31) }, ["apiKeyPepper"]],
    [{ pool, apiKeyPepper: 32 }, ["apiKeyPepper"]],
    [{ pool, keyPrefix: "SK" }, ["keyPrefix"]],
    [{ pool, keyProvider: { wrap: () => null } }, ["keyProvider"]],
    [{ pool, tenantTables: {} }, ["tenantTables"]],
    [{ pool, tenantTables: [null] }, ["tenantTables.0"]],
    [{ pool, preparedStatements: true }, ["preparedStatements"]],
    [{ pool, permissionOrigin: "leaf" }, ["permissionOrigin"]],
    [{ pool, connectionBudget: 0 }, ["connectionBudget"]],
    [{ pool, connectionBudget: Number.NaN }, ["connectionBudget"]],
    [{ pool, cacheSize: -1 }, ["cacheSize"]],
    [{ pool, cacheSize: 1.5 }, ["cacheSize"]],
    [{ pool, http: {} }, ["http.resolvers"]],
    [{ pool, http: { resolvers: [{ kind: "selector" }] } }, ["http.resolvers.0"]],
    [{ pool, http: { resolvers: [], authorize: true } }, ["http.authorize"]],
    [{ pool, worker: "no", autoMigrate: 0 }, ["autoMigrate", "worker"]],
  ])("%j are wrong in %j", (options, wrong) => {
    expect(wrongIn(() => new Stratum(options as StratumOptions))).toEqual(wrong);
    expect(wrongIn(() => StratumModule.forRoot(options as StratumOptions))).toEqual(wrong);
  });

  it("that are unknown are named", () => {
    const options = { pool, tenant_pool: pool } as unknown as StratumOptions;
    expect(() => new Stratum(options)).toThrow("tenant_pool");
  });

  it("of a factory are checked before anything is made of them", async () => {
    const { providers = [] } = StratumModule.forRootAsync({
      useFactory: () => ({ cacheSize: -1 }) as unknown as StratumOptions,
    });
    const made = providers.flatMap((provider): unknown[] =>
      typeof provider === "object" && "useFactory" in provider ? [provider.useFactory()] : [],
    );
    await expect(Promise.all(made)).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  });
});
