import { randomUUID } from "node:crypto";
import { CONTEXT_LIFETIME_MS } from "@stratum-hq/core";
import type { ContextKey } from "../../context/context-key";
import { ContextSigner } from "../../context/context-signer";
import { TenantPool } from "../../pg/tenant-pool";
import type { TenantConnections } from "../../placement/placement";
import { attackTable, type Pair } from "./attack-table";
import { copiesIn } from "./copy-in";
import { injectSql } from "./injected";
import type { Attack } from "@stratum-hq/core";
import type { Canary } from "./stage";
import type { Target } from "./target";

/** What is attacked, and by which way. */
export interface Battlefield {
  readonly connections: TenantConnections;
  readonly key: ContextKey;
  readonly preparedStatements: "auto" | "off";
  /** Whether the login acts as itself, as the application's pool lets it. */
  readonly inherits: boolean;
  /** Tables of tenants' rows, each with its schema. */
  readonly tables: readonly { readonly schema: string; readonly target: Target }[];
  /** What a login for tenants alone must not reach; null where it is no such login. */
  readonly injection: {
    readonly roles: readonly string[];
    readonly control: readonly string[];
  } | null;
}

/** Makes attacks on a database, each canary against the other, and undoes all of it. */
export async function* attackPlace(field: Battlefield): AsyncGenerator<Attack, void, undefined> {
  const { connections, tables, injection } = field;
  const targets = new Map(tables.map(({ target }) => [target.name, target]));
  for (const { schema, target } of tables) {
    const pool = poolOf(field, schema);
    const pair = canaries(field.key);
    yield* await attackTable(pool, targets, target, pair);
    yield* await attackTable(pool, targets, target, [pair[1], pair[0]]);
    yield {
      attack: "copy in",
      object: target.name,
      ...(await copiesIn(connections, pair[1], target.name)),
    };
  }
  if (injection === null) return;
  const [first] = tables;
  const pair = canaries(field.key);
  const expired = new ContextSigner(field.key, () => Date.now() - 2 * CONTEXT_LIFETIME_MS);
  yield* await injectSql(poolOf(field, first?.schema ?? "public"), {
    ...injection,
    pair,
    table: first?.target.name,
    expired: expired.sign(pair[0].tenant),
  });
}

/** Contexts of one moment: one that was signed later than its transaction began would count as too far ahead. */
function canaries(key: ContextKey): Pair {
  const signer = new ContextSigner(key);
  const canary = (): Canary => {
    const tenant = randomUUID();
    return { tenant, context: signer.sign(tenant) };
  };
  return [canary(), canary()];
}

function poolOf(field: Battlefield, schema: string): TenantPool {
  const { connections, key, preparedStatements, inherits } = field;
  return new TenantPool({
    inherits,
    pool: connections,
    schema,
    signer: new ContextSigner(key),
    preparedStatements,
  });
}
