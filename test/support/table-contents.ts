import type { StratumFixture } from "./use-stratum";

/** What every table of schema stratum holds: its rows as text, sorted. */
export async function tableContents(t: StratumFixture): Promise<Record<string, string>> {
  const tables = await t.rows<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'stratum'::regnamespace and relkind = 'r' order by 1`,
  );
  const contents: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await t.rows<{ rows: string }>(
      `select coalesce(string_agg(r::text, e'\\n' order by r::text), '') as rows from stratum.${name} as r`,
    );
    contents[name] = row!.rows;
  }
  return contents;
}
