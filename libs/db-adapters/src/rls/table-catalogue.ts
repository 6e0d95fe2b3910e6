import type { ClientBase } from "pg";
import { ownRows } from "../pg/column-types";

/** What PostgreSQL's catalogue says of a table that is to hold tenants' rows. */
export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  /** `r` an ordinary table, `p` a partitioned one; anything else is none. */
  readonly kind: string;
  readonly is_partition: boolean;
  /** Whether policies hold for its owner too. */
  readonly is_forced: boolean;
  /** Whether the tree of tenants is in its database, so that a tenant can read those below. */
  readonly has_tree: boolean;
  /** The type of its column tenant_id; null where it has none. */
  readonly tenant_id_type: string | null;
  readonly indexes: readonly IndexFacts[];
  readonly foreign_keys: readonly ForeignKeyFacts[];
  /** Sequences that its columns take their values from, quoted. */
  readonly sequences: readonly string[];
}

export interface IndexFacts {
  readonly name: string;
  readonly is_unique: boolean;
  readonly is_primary: boolean;
  readonly is_exclusion: boolean;
  readonly is_valid: boolean;
  /** Its key columns in order; null for an expression. */
  readonly columns: readonly (string | null)[];
  /** The types of these. */
  readonly types: readonly (string | null)[];
  /** Whether row-level security keeps it from being used: an operator or an expression might tell of rows. */
  readonly leaks: boolean;
}

export interface ForeignKeyFacts {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  /** Pairs of columns, of the table and of the one referred to. */
  readonly columns: readonly (readonly [column: string, referred: string])[];
  readonly refers_to_tenants: boolean;
}

const FACTS = `
  select n.nspname as schema, c.relname as name, c.relkind as kind, c.relispartition as is_partition,
    c.relrowsecurity and c.relforcerowsecurity as is_forced,
    to_regclass('stratum.readable_tenants') is not null as has_tree,
    (select format_type(a.atttypid, null) from pg_attribute a
      where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as tenant_id_type,
    coalesce((select json_agg(json_build_object(
        'name', ic.relname, 'is_unique', i.indisunique, 'is_primary', i.indisprimary,
        'is_exclusion', i.indisexclusion, 'is_valid', i.indisvalid,
        'columns', (select json_agg(a.attname order by k.n)
          from unnest(i.indkey[0 : i.indnkeyatts - 1]) with ordinality as k(attnum, n)
          left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum and k.attnum > 0),
        'types', (select json_agg(format_type(a.atttypid, null) order by k.n)
          from unnest(i.indkey[0 : i.indnkeyatts - 1]) with ordinality as k(attnum, n)
          left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum and k.attnum > 0),
        'leaks', i.indexprs is not null or exists (
          select from unnest(i.indclass::oid[]) as used(opclass)
          join pg_opclass oc on oc.oid = used.opclass
          join pg_amop ao on ao.amopfamily = oc.opcfamily and ao.amoppurpose = 's'
            and ao.amoplefttype = oc.opcintype and ao.amoprighttype = oc.opcintype
          join pg_operator o on o.oid = ao.amopopr join pg_proc p on p.oid = o.oprcode
          where not p.proleakproof)) order by ic.relname)
      from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid), '[]') as indexes,
    coalesce((select json_agg(json_build_object(
        'name', f.conname, 'schema', rn.nspname, 'table', r.relname,
        'columns', (select json_agg(json_build_array(a.attname, b.attname) order by k.n)
          from unnest(f.conkey, f.confkey) with ordinality as k(own, referred, n)
          join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.own
          join pg_attribute b on b.attrelid = f.confrelid and b.attnum = k.referred),
        'refers_to_tenants', exists (select from pg_attribute a
          where a.attrelid = r.oid and a.attname = 'tenant_id' and not a.attisdropped)) order by f.conname)
      from pg_constraint f join pg_class r on r.oid = f.confrelid
      join pg_namespace rn on rn.oid = r.relnamespace
      where f.conrelid = c.oid and f.contype = 'f' and f.conparentid = 0), '[]') as foreign_keys,
    coalesce((select json_agg(d.objid::regclass::text) from pg_depend d join pg_class s on s.oid = d.objid
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
        and d.refobjid = c.oid and d.refobjsubid > 0 and d.deptype in ('a', 'i')
        and s.relkind = 'S'), '[]') as sequences
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = $2`;

/** The facts of a table; undefined where there is none of that name. */
export async function tableFacts(
  client: ClientBase,
  schema: string,
  name: string,
): Promise<TableFacts | undefined> {
  return (await ownRows<TableFacts>(client, FACTS, [schema, name]))[0];
}
