/**
 * The function that policies ask for the tenant, as schema stratum's migrations make it: a copy of its own, so
 * that the proof does not believe what it is to prove. A test compares it with a migrated database.
 */
export const VERIFIER = "stratum.current_tenant_id()";

/** Its bodies of all releases, oldest first: each isolates, and a tenant's own database may have an older one. */
export const VERIFIER_SOURCES: readonly string[] = [
  `
      declare
        verdict pg_catalog.text;
      begin
        select case
            when pg_catalog.encode(pg_catalog.sha256(pg_catalog.byteacat(k.outer_pad, pg_catalog.sha256(pg_catalog.byteacat(k.inner_pad, pg_catalog.convert_to(pg_catalog.left(c.context, -64), 'UTF8'))))), 'hex') operator(pg_catalog.<>) pg_catalog.right(c.context, 64) then 'ST003'
            when pg_catalog.octet_length(c.context) operator(pg_catalog.<>) 136 then 'ST003'
            when pg_catalog.abs((pg_catalog.substr(c.context, 55, 10)::pg_catalog.float8
      operator(pg_catalog.-) pg_catalog.date_part('epoch', pg_catalog.now())) operator(pg_catalog.-) 30) operator(pg_catalog.>=) 30 then 'ST002'
            else pg_catalog.substr(c.context, 18, 36)
          end into verdict
        from (select pg_catalog.current_setting('stratum.context', true) as context) as c, stratum.context_keys as k
        where k.key_id operator(pg_catalog.=) pg_catalog.left(c.context, 16);
        if pg_catalog.length(verdict) operator(pg_catalog.>) 5 then
          return verdict::pg_catalog.uuid;
        end if;
        if verdict is null then
          verdict := case
            when pg_catalog.length(pg_catalog.current_setting('stratum.context', true)) operator(pg_catalog.>) 0 then 'ST003'
            else 'ST001' end;
        end if;
        raise exception 'the tenant context is missing, has expired or is not signed by a key of this database'
          using errcode = verdict;
      end
      `,
  `
      declare
        context pg_catalog.text := pg_catalog.current_setting('stratum.context', true);
        ipad pg_catalog.bytea;
        opad pg_catalog.bytea;
      begin
        select k.inner_pad, k.outer_pad into ipad, opad from stratum.context_keys as k
        where k.key_id operator(pg_catalog.=) pg_catalog.left(context, 16);
        if (case when pg_catalog.encode(pg_catalog.sha256(pg_catalog.byteacat(opad, pg_catalog.sha256(pg_catalog.byteacat(ipad, pg_catalog.convert_to(pg_catalog.left(context, -64), 'UTF8'))))), 'hex') operator(pg_catalog.=) pg_catalog.right(context, 64)
            then pg_catalog.abs((pg_catalog.substr(context, 55, 10)::pg_catalog.float8
      operator(pg_catalog.-) pg_catalog.date_part('epoch', pg_catalog.now())) operator(pg_catalog.-) 30) operator(pg_catalog.<) 30 end) then
          return pg_catalog.substr(context, 18, 36)::pg_catalog.uuid;
        end if;
        raise exception 'the tenant context is missing, has expired or is not signed by a key of this database'
          using errcode = case
            when (pg_catalog.length(context) operator(pg_catalog.>) 0) is not true then 'ST001'
            when pg_catalog.encode(pg_catalog.sha256(pg_catalog.byteacat(opad, pg_catalog.sha256(pg_catalog.byteacat(ipad, pg_catalog.convert_to(pg_catalog.left(context, -64), 'UTF8'))))), 'hex') operator(pg_catalog.=) pg_catalog.right(context, 64) then 'ST002'
            else 'ST003'
          end;
      end
      `,
];
