import type { Check } from "./check";

/** Copies that leave the database. */
export const PUBLICATION_CHECKS: readonly Check[] = [
  {
    check: "publication",
    object: "quote_ident(p.pubname)",
    problem: `format('it sends all tenants'' rows of %s to its subscribers, where no policy of this database holds',
      case when p.puballtables then 'all tables' else t.name end)`,
    statement: `case when p.puballtables then format('drop publication %I', p.pubname)
      else format('alter publication %I drop table %s', p.pubname, t.name) end`,
    from: `pg_publication p cross join tenants t
      where p.puballtables or exists (select from pg_publication_rel r where r.prpubid = p.oid and r.prrelid = t.oid)`,
    hole: false,
  },
];
