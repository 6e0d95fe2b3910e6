import { randomUUID } from "node:crypto";
import type { Tenant } from "@stratum-hq/lib";
import type { Pool } from "pg";
import type { Workload } from "../harness";
import { chain, fill, label } from "../seed";

const AT_ONCE = 16;
const PER_CLIENT = 10;

/** What an experienced hand would write for the same rows: lock, read, insert, log, announce. */
async function insertByHand(pool: Pool, parentId: string, slug: string): Promise<void> {
  const client = await pool.connect();
  const id = randomUUID();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ path: string }>(
      `select path::text, pg_advisory_xact_lock_shared(1, hashtext(id::text))
       from stratum.tenants where id = $1`,
      [parentId],
    );
    const parent = await client.query<{ path: string; next: number }>(
      `select path::text, (select coalesce(max(sort_order) + 1, 0) from stratum.tenants where parent_id = $1) as next
       from stratum.tenants where id = $1 and status = 'active'`,
      [parentId],
    );
    const path = `${rows[0]?.path ?? ""}.${id.replaceAll("-", "")}`;
    const inserted = await client.query(
      `insert into stratum.tenants (id, parent_id, path, name, slug, sort_order)
       values ($1, $2, $3, $4, $5, $6) returning *`,
      [id, parentId, path, slug, slug, parent.rows[0]?.next],
    );
    await client.query(
      `insert into stratum.audit_logs (id, operation_id, actor_id, actor_type, action, resource_type,
         resource_id, tenant_id, after_state)
       values ($1, $2, 'system', 'system', 'tenant.created', 'tenant', $3::text, $3::uuid, $4)`,
      [randomUUID(), randomUUID(), id, JSON.stringify(inserted.rows[0])],
    );
    await client.query(
      `insert into stratum.webhook_events (id, type, tenant_id, operation_id, data)
       values ($1, 'tenant.created', $2, $3, $4)`,
      [randomUUID(), id, randomUUID(), JSON.stringify(inserted.rows[0])],
    );
    await client.query("commit");
  } finally {
    client.release();
  }
}

const create: Workload = {
  name: "create",
  title: `createTenant, ${AT_ONCE} at once under one parent | a hand-written transaction, same rows`,
  kind: "throughput",
  bound: 0.7,
  prepare: async ({ stratum, pool }) => {
    const [parent] = (await chain(stratum, 1)) as [Tenant];
    let serial = 0;
    const clients = (one: (name: string) => Promise<unknown>) => () =>
      Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let n = 0; n < PER_CLIENT; n += 1) await one(`bench${(serial += 1)}`);
        }),
      );
    return {
      ours: clients((name) => stratum.createTenant({ name, parent_id: parent.id })),
      baseline: clients((name) => insertByHand(pool, parent.id, name)),
      pairs: 20,
      units: AT_ONCE * PER_CLIENT,
    };
  },
};

const ancestors: Workload = {
  name: "ancestors",
  title: "getAncestors at depth 19 | select … where id = any(…) through pool.query",
  kind: "time",
  bound: 1.3,
  prepare: async ({ stratum, pool }) => {
    const levels = await chain(stratum, 20);
    const leaf = levels.at(-1) as Tenant;
    const ids = levels.map(({ id }) => id);
    const text = `select id, parent_id, path, name, slug, external_id, metadata, isolation_strategy, status,
      status_reason, sort_order, version, deleted_at, created_at, updated_at
      from stratum.tenants where id = any($1::uuid[]) order by depth`;
    return {
      ours: () => stratum.getAncestors(leaf.id),
      baseline: () => pool.query({ name: "bench_ancestors", text, values: [ids] }),
      batch: 20,
      pairs: 100,
    };
  },
};

const LARGE = 1_000_000;
const SMALL = 10_000;

const descendants: Workload = {
  name: "descendants",
  title: "first page (100) of listDescendants in a tree of 1,000,000 | of 10,000",
  kind: "time",
  bound: 1.5,
  prepare: async ({ stratum, pool }) => {
    const small = await stratum.createTenant({ name: "Small" });
    await fill(pool, small, SMALL);
    const large = await stratum.createTenant({ name: "Large" });
    await fill(pool, large, LARGE);
    return {
      ours: () => stratum.listDescendants(large.id, { limit: 100 }),
      baseline: () => stratum.listDescendants(small.id, { limit: 100 }),
      batch: 10,
      pairs: 60,
    };
  },
};

const SUBTREE = 10_000;

const move: Workload = {
  name: "move",
  title: "moveTenant of a subtree of 10,000 | the bare update of those rows",
  kind: "time",
  bound: 1.5,
  prepare: async ({ stratum, pool }) => {
    const [from, to] = [
      await stratum.createTenant({ name: "From" }),
      await stratum.createTenant({ name: "To" }),
    ];
    const root = await stratum.createTenant({ name: "Moving", parent_id: from.id });
    await pool.query("select 1");
    await fill(pool, root, SUBTREE);
    await pool.query(
      "update stratum.tenants set path = $1::text::ltree || path where path > $2::text::ltree and path < $3::text::ltree",
      [label(from), label(root), `${label(root)}.z`],
    );
    let at = from;
    const update = async (target: Tenant): Promise<void> => {
      await pool.query(
        `update stratum.tenants set path = $1::text::ltree || subpath(path, 1),
           parent_id = case when id = $2 then $3 else parent_id end, updated_at = now()
         where path >= $4::text::ltree and path < $5::text::ltree`,
        [
          label(target),
          root.id,
          target.id,
          `${label(at)}.${label(root)}`,
          `${label(at)}.${label(root)}.z`,
        ],
      );
    };
    const other = (): Tenant => (at === from ? to : from);
    return {
      ours: async () => {
        await stratum.moveTenant(root.id, other().id);
        at = other();
      },
      baseline: async () => {
        await update(other());
        at = other();
      },
      // Dead rows of one side would slow the other down.
      reset: () => pool.query("vacuum stratum.tenants"),
      pairs: 15,
    };
  },
};

export const TREE_WORKLOADS = [create, ancestors, descendants, move];
