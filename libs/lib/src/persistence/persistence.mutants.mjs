// Migrations, the borrowed pool, and caches that follow changes.
const PERSISTENCE = "libs/lib/src/persistence";
const COHERENCE = "test/coherence.pg.spec.ts";

export const PERSISTENCE_MUTANTS = [
  {
    name: "processes migrate without waiting for each other",
    file: `${PERSISTENCE}/migrator.ts`,
    find: "await ownRows(client, `select pg_advisory_xact_lock(${MIGRATION_LOCK})`);",
    replace: "void MIGRATION_LOCK;",
    test: [`${PERSISTENCE}/migrator.pg.spec.ts`, "that migrate the same empty database"],
  },
  {
    name: "a newer schema is not refused",
    file: `${PERSISTENCE}/migrator.ts`,
    find: `if (unknown.length > 0) throw new SchemaTooNewError(unknown);`,
    replace: `void SchemaTooNewError;`,
    test: [`${PERSISTENCE}/migrator.pg.spec.ts`, "refuses a schema that a newer release made"],
  },
  {
    name: "the pool keeps the listeners that were added to it",
    file: `${PERSISTENCE}/borrowed-pool.ts`,
    find: `for (const [event, listener] of listeners.splice(0)) pool.removeListener(event, listener);`,
    replace: `void listeners;`,
    test: ["libs/lib/src/stratum.pg.spec.ts", "works after close"],
  },
  {
    name: "a path's parent is not checked by the database",
    file: "migrations/src/1764028800000-tenant-tree.ts",
    find: `case when parent_id is null then nlevel(path) = 1`,
    replace: `case when parent_id is null then true`,
    test: [
      "libs/lib/src/tenancy/tenancy.constraints.pg.spec.ts",
      "tenants_path_parent_check is answered",
    ],
  },
  {
    name: "a cached configuration outlives a change above it",
    file: `${PERSISTENCE}/change-feed.ts`,
    find: `if ((this.#changedAt.get(tenantId) ?? 0) > stamp) return false;`,
    replace: `if ((this.#changedAt.get(tenantId) ?? 0) > stamp) return true;`,
    test: [COHERENCE, "shows the next read of the same process"],
  },
  {
    name: "a process does not read what others changed",
    file: `${PERSISTENCE}/change-feed.ts`,
    find: `else this.announce(tenant_ids);`,
    replace: `else void tenant_ids;`,
    test: [COHERENCE, "shows another process within a second"],
  },
  {
    name: "the feed is read from a watermark instead of a snapshot",
    file: `${PERSISTENCE}/change-feed.store.ts`,
    find: `where tx >= pg_snapshot_xmin($1::pg_snapshot)
                  and not pg_visible_in_snapshot(tx, $1::pg_snapshot)`,
    replace: `where tx >= pg_snapshot_xmax($1::pg_snapshot)`,
    test: [COHERENCE, "that commits after a later one"],
  },
  {
    name: "a cache that cannot read the feed goes on answering",
    file: `${PERSISTENCE}/chain-cache.ts`,
    find: `if (this.#entries === null || !this.feed.isFresh()) return undefined;`,
    replace: `if (this.#entries === null) return undefined;`,
    test: [COHERENCE, "steps aside"],
  },
  {
    name: "an event that no feature declares is recorded",
    file: `${PERSISTENCE}/mutation-log.ts`,
    find: `if (invalidated === undefined)`,
    replace: `if (invalidated === undefined && type === "")`,
    test: [`${PERSISTENCE}/mutation-log.spec.ts`, "refuses an event that no feature declares"],
  },
];
