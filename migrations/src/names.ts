/** The schema that holds all control data, and in each tenant's database what verifies contexts. */
export const STRATUM_SCHEMA = "stratum";

/** The table, in that schema, that lists the migrations applied. */
export const MIGRATIONS_TABLE = "schema_migrations";
