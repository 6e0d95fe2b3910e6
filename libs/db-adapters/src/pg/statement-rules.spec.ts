import { StatementForbiddenError } from "@stratum-hq/core";
import { requireTenantStatement } from "./statement-rules";

describe("a tenant's statement", () => {
  it.each([
    "select 1",
    "SELECT*from orders",
    'select"id" from orders',
    "\n\t insert into orders default values",
    "update orders set note = ''",
    "delete from orders",
    "merge into orders using (values (1)) as v(n) on false when not matched then do nothing",
    "with gone as (delete from orders returning id) select * from gone",
    "values(1)",
    "table orders",
    "((select 1) union (select 2))",
    "-- a comment\n/* one /* in */ another */ ( /* */ select 1)",
    ";; select 1",
    "explain select 1",
    "EXPLAIN ANALYZE VERBOSE delete from orders",
    "explain (analyze, format json, costs 'off') with a as (select 1) table a",
    "explain (select 1)",
    "explain ((values (1)))",
    "explain /* plan */ analyze (select 1)",
  ])("reads and writes rows: %s", (text) => {
    expect(() => requireTenantStatement(text)).not.toThrow();
  });

  it.each([
    ["drop owned by stratum_tenant", "DROP"],
    ["alter role stratum_tenant password 'x'", "ALTER"],
    ["alter default privileges grant all on tables to public", "ALTER"],
    ["declare c cursor with hold for select 1", "DECLARE"],
    ["create temporary table t (n int)", "CREATE"],
    ["copy orders to stdout", "COPY"],
    ["lock table orders", "LOCK"],
    ["call f()", "CALL"],
    ["show all", "SHOW"],
    ["reindex table orders", "REINDEX"],
    ["/* select */ drop table orders", "DROP"],
    ["-- select\rdrop table orders", "DROP"],
    ["/* /* */ select 1 */ drop table orders", "DROP"],
    ["((drop table orders))", "DROP"],
    ["selective", "SELECTIVE"],
    ["select$1", "SELECT$1"],
    ["selecté", "SELECTÉ"],
    ["explain create table t as select 1", "EXPLAIN CREATE"],
    ["explain analyze declare c cursor for select 1", "EXPLAIN DECLARE"],
    ["explain (analyze) create table t as select 1", "EXPLAIN CREATE"],
    ["explain (analyze /* ) select */) create table t as select 1", "EXPLAIN ANALYZE"],
    ["explain (format 'a) select ') create table t as select 1", "EXPLAIN FORMAT"],
    ["explain explain select 1", "EXPLAIN EXPLAIN"],
    ["explain", "EXPLAIN"],
    ["{ call f }", "{"],
    ["/* never closed", ""],
    ["", ""],
  ])("is refused before it is sent: %s", (text, beginning) => {
    expect(() => requireTenantStatement(text)).toThrow(
      expect.objectContaining({
        constructor: StatementForbiddenError,
        code: "STATEMENT_FORBIDDEN",
        details: { beginning },
      }) as Error,
    );
  });

  it.each([
    ["savepoint s", /savepoint\(\)/],
    ["fetch 1 from c", /stream\(/],
    ["set search_path = x", /set_config/],
    ["truncate orders", /connection of your own pool/],
  ])("is told what to do instead of %s", (text, remedy) => {
    expect(() => requireTenantStatement(text)).toThrow(remedy);
  });
});
