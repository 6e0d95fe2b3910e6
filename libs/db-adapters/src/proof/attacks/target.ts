import type { ClientBase } from "pg";
import { ownRows } from "../../pg/column-types";

/** A column, as far as a value for it has to be found. */
export interface TargetColumn {
  readonly name: string;
  /** Its type, or the one beneath its domains: `integer`, `character varying`. */
  readonly type: string;
  /** Its type as it is declared: `character varying(8)`, or a domain. */
  readonly declared: string;
  /** `N` a number, `S` a text, `E` an enum, `A` an array, and so on (pg_type.typcategory). */
  readonly category: string;
  /** Whether a row needs a value for it. */
  readonly required: boolean;
  /** The labels of an enum. */
  readonly labels: readonly string[];
  /** Literals that CHECKs on it, or on its domain, name. */
  readonly literals: readonly string[];
}

export interface TargetForeignKey {
  readonly name: string;
  /** The table referred to, quoted. */
  readonly refers_to: string;
  /** Pairs of columns, of the table and of the one referred to. */
  readonly columns: readonly (readonly [column: string, referred: string])[];
  /** Checked only at the end of the transaction, which never comes. */
  readonly deferred: boolean;
}

/** A table that canaries are to have rows in. */
export interface Target {
  /** Schema and name, quoted. */
  readonly name: string;
  readonly columns: readonly TargetColumn[];
  readonly foreign_keys: readonly TargetForeignKey[];
  /** The columns of its primary key; none where it has none. */
  readonly key: readonly string[];
  /** The columns of each CHECK, by its name. */
  readonly checks: Readonly<Record<string, readonly string[]>>;
  /** Views and parts of it that have tenant_id and that a tenant may read. */
  readonly seen_through: readonly string[];
}

/** Without a value for it, a row finds no partition. */
const IS_PARTITION_KEY = `exists (select from pg_partitioned_table pt
  where pt.partrelid = c.oid and a.attnum = any (pt.partattrs::int2[]))`;

const COLUMNS = `select json_agg(json_build_object('name', a.attname, 'type', format_type(base.oid, null), 'declared', format_type(a.atttypid, a.atttypmod),
    'category', base.typcategory, 'labels', coalesce((select json_agg(e.enumlabel order by e.enumsortorder)
      from pg_enum e where e.enumtypid = base.oid), '[]'),
    'required', ${IS_PARTITION_KEY} or (a.attnotnull or t.typnotnull) and not a.atthasdef and a.attidentity = '' and a.attname <> 'tenant_id',
    'literals', coalesce((select json_agg(literal[1]) from (select pg_get_constraintdef(k.oid) from pg_constraint k
        where k.contype = 'c' and ((k.conrelid = c.oid and a.attnum = any (k.conkey)) or k.contypid = t.oid)
        union all select pg_get_expr(p.relpartbound, p.oid) from pg_inherits i join pg_class p on p.oid = i.inhrelid
        where i.inhparent = c.oid and ${IS_PARTITION_KEY}) as k(text)
      cross join regexp_matches(k.text, '''((?:[^'']|'''')*)''|(?<![\\w.])(\\d+)', 'g') as m(found)
      cross join lateral (select array[coalesce(replace(found[1], '''''', ''''), found[2])]) as l(literal)), '[]'))
    order by a.attnum)
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  join pg_type base on base.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity <> 'a'`;

const KEYS = `select json_agg(json_build_object('name', f.conname, 'deferred', f.condeferred,
    'refers_to', (select format('%I.%I', rn.nspname, r.relname) from pg_class r join pg_namespace rn on rn.oid = r.relnamespace where r.oid = f.confrelid),
    'columns', (select json_agg(json_build_array(a.attname, b.attname) order by k.n)
      from unnest(f.conkey, f.confkey) with ordinality as k(own, referred, n)
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.own
      join pg_attribute b on b.attrelid = f.confrelid and b.attnum = k.referred)))
  from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> 0
    and not exists (select from pg_constraint p where p.oid = f.conparentid and p.conrelid = f.conrelid)`;

const NAMES = `json_agg(a.attname order by u.n) from unnest(k.conkey) with ordinality as u(attnum, n)
  join pg_attribute a on a.attrelid = c.oid and a.attnum = u.attnum`;

const SEEN_THROUGH = `with recursive above(oid) as (
    select c.oid
    union select coalesce(i.inhrelid, r.ev_class) from above
    left join lateral (select inhrelid from pg_inherits where inhparent = above.oid
      union all select null) as i on true
    left join lateral (select w.ev_class from pg_depend d join pg_rewrite w on w.oid = d.objid
      where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = above.oid) as r
      on i.inhrelid is null
    where coalesce(i.inhrelid, r.ev_class) is not null)
  select json_agg(format('%I.%I', vn.nspname, v.relname)) from above join pg_class v on v.oid = above.oid
  join pg_namespace vn on vn.oid = v.relnamespace
  where v.oid <> c.oid and exists (select from pg_attribute a where a.attrelid = v.oid and a.attname = 'tenant_id' and not a.attisdropped)
    and has_schema_privilege('stratum_tenant', vn.oid, 'USAGE') and has_table_privilege('stratum_tenant', v.oid, 'SELECT')`;

const TARGETS = `
  select format('%I.%I', n.nspname, c.relname) as name, (${COLUMNS}) as columns, coalesce((${KEYS}), '[]') as foreign_keys,
    coalesce((select ${NAMES}), '[]') as key,
    coalesce((select json_object_agg(k.conname, (select ${NAMES})) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c'), '{}') as checks,
    coalesce((${SEEN_THROUGH}), '[]') as seen_through
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
  where format('%I.%I', n.nspname, c.relname) = any ($1::text[])`;

/** What has to be known of tables to attack them, each by its quoted name. */
export async function targetsOf(
  client: ClientBase,
  names: readonly string[],
): Promise<ReadonlyMap<string, Target>> {
  const rows = await ownRows<Target>(client, TARGETS, [names]);
  return new Map(rows.map((target) => [target.name, target]));
}
