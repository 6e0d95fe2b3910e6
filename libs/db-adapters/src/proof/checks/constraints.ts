import type { Check } from "./check";

/** Whether the index's key has tenant_id. */
const HAS_TENANT = "t.attnum = any (i.indkey[0 : i.indnkeyatts - 1]::int2[])";
const IS_LONE_UUID = `i.indisprimary and i.indnkeyatts = 1 and exists (select from pg_attribute a
  where a.attrelid = t.oid and a.attnum = i.indkey[0] and a.atttypid = 'uuid'::regtype)`;

/** With tenant_id put first. */
const REMADE_INDEX =
  "regexp_replace(pg_get_indexdef(i.indexrelid), ' USING (\\w+) \\(', ' USING \\1 (tenant_id, ')";
const REMADE_UNIQUE = `regexp_replace(pg_get_constraintdef(k.oid), '\\(',
  case k.contype when 'x' then '(tenant_id WITH =, ' else '(tenant_id, ' end)`;

const PAIRS = `exists (select from unnest(f.conkey, f.confkey) as pair(own, referred)
  join pg_attribute a on a.attrelid = f.conrelid and a.attnum = pair.own and a.attname = 'tenant_id'
  where pair.referred = r.attnum)`;
const KEY_NAME = "format('%s on %s', quote_ident(f.conname), f.conrelid::regclass)";

/** The key that a foreign key with tenant_id refers to, which may not be there yet. */
const REFERRED_KEY = `(select string_agg(quote_ident(a.attname), ', ' order by k.n) from unnest(f.confkey) with ordinality as k(attnum, n)
  join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum)`;
const MAKE_KEY = `case when exists (select from pg_index i where i.indrelid = f.confrelid and i.indisunique and i.indisvalid
    and i.indpred is null and i.indnkeyatts = cardinality(f.confkey) + 1
    and i.indkey[0 : i.indnkeyatts - 1]::int2[] @> (r.attnum || f.confkey)) then ''
  else format('create unique index on %s (tenant_id, %s); ', r.name, ${REFERRED_KEY}) end`;
const REMADE_KEY = `regexp_replace(regexp_replace(regexp_replace(pg_get_constraintdef(f.oid),
    'FOREIGN KEY \\(([^)]*)\\)', 'FOREIGN KEY (tenant_id, \\1)'),
    'REFERENCES ([^(]*)\\(', 'REFERENCES \\1(tenant_id, '),
    'FOREIGN KEY \\(tenant_id, ([^)]*)\\)(.*)ON DELETE SET (NULL|DEFAULT)(?! \\()', 'FOREIGN KEY (tenant_id, \\1)\\2ON DELETE SET \\3 (\\1)')`;

/** Constraints that tell a tenant of another's rows, or tie rows of two together. */
export const CONSTRAINT_CHECKS: readonly Check[] = [
  {
    check: "unique",
    object: "i.indexrelid::regclass::text",
    problem:
      "format('it does not contain tenant_id: what one tenant of %s has is refused to the others', t.name)",
    statement: `case when k.oid is null then format('drop index %s; %s', i.indexrelid::regclass, ${REMADE_INDEX})
      else format('alter table %s drop constraint %I, add constraint %I %s', t.name, k.conname, k.conname, ${REMADE_UNIQUE}) end`,
    from: `tenants t join pg_index i on i.indrelid = t.oid and (i.indisunique or i.indisexclusion)
      left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
      where not ${HAS_TENANT} and not (${IS_LONE_UUID})
        and not exists (select from pg_inherits h where h.inhrelid = i.indexrelid)`,
  },
  {
    check: "foreign key",
    object: KEY_NAME,
    problem:
      "format('it refers to %s without pairing tenant_id: a tenant can refer to another''s row, and learn that it is there', r.name)",
    statement: `format('%salter table %s drop constraint %I, add constraint %I %s', ${MAKE_KEY}, t.name, f.conname, f.conname, ${REMADE_KEY})`,
    from: `pg_constraint f join tenants t on t.oid = f.conrelid join tenants r on r.oid = f.confrelid
      where f.contype = 'f' and f.conparentid = 0 and not ${PAIRS}`,
  },
  {
    check: "foreign key",
    object: KEY_NAME,
    problem:
      "format('it refers to %s, of tenants'' rows, from a table that is no tenant''s and that a tenant writes', r.name)",
    statement: "format('alter table %s drop constraint %I', f.conrelid::regclass, f.conname)",
    from: `pg_constraint f join tenants r on r.oid = f.confrelid
      where f.contype = 'f' and f.conparentid = 0 and f.conrelid not in (select oid from columned)
        and exists (select from actors a where has_any_column_privilege(a.oid, f.conrelid, 'INSERT, UPDATE'))`,
  },
  {
    check: "foreign key",
    object: KEY_NAME,
    problem: "'it refers to schema stratum: a tenant learns which rows are there'",
    statement: "format('alter table %s drop constraint %I', t.name, f.conname)",
    from: `pg_constraint f join tenants t on t.oid = f.conrelid join pg_class r on r.oid = f.confrelid
      where f.contype = 'f' and f.conparentid = 0 and r.relnamespace = 'stratum'::regnamespace`,
  },
  {
    check: "placement",
    object: "t.name",
    problem:
      "'it is in one tenant''s schema and lets rows of other tenants in, which no export and no purge finds'",
    statement: `format('alter table %s add constraint stratum_placement check (tenant_id = %L or substr(tenant_id::text, 15, 1) = ''4'') not valid',
      t.name, replace(t.schema, 'tenant_', '')::uuid)`,
    from: `tenants t where t.schema ~ '^tenant_[0-9a-f]{32}$' and not t.is_child
      and not exists (select from pg_constraint k where k.conrelid = t.oid and k.conname = 'stratum_placement')`,
    hole: false,
  },
];
