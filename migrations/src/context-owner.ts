import type { QueryRunner } from "typeorm";

/**
 * Runs `work` while the migrating login, where it is no superuser, may replace and give away what
 * stratum_context owns, of which nobody is a member before and after.
 */
export async function asContextOwner(
  runner: QueryRunner,
  work: () => Promise<void>,
): Promise<void> {
  await unlessSuperuser(
    runner,
    `execute format('grant stratum_context to %I with inherit true, set true', current_user);
     grant create on schema stratum to stratum_context;`,
  );
  await work();
  await unlessSuperuser(
    runner,
    `revoke create on schema stratum from stratum_context;
     execute format('revoke stratum_context from %I granted by %I', current_user, current_user);`,
  );
}

async function unlessSuperuser(runner: QueryRunner, statements: string): Promise<void> {
  await runner.query(`
    do $$
    begin
      if not (select rolsuper from pg_roles where rolname = current_user) then
        ${statements}
      end if;
    end
    $$`);
}
