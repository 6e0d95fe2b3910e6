import type { IsolationPromise, LoginKind } from "@stratum-hq/core";

/** What injected SQL can become under each login (docs/isolation.md). */
const INJECTION: Readonly<Record<LoginKind, string>> = {
  superuser: "it can become the login, for which no policy holds",
  owner: "it can become the owner, and change the policies",
  member: "it can become the login, and use what control data that one may",
  hardened: "it can use its own tenant's rows, and nothing else",
};

/**
 * What isolation promises under a login.
 *
 * @param sound whether no hole was found, without which nothing is promised
 */
export function promisesOf(login: LoginKind, sound: boolean): readonly IsolationPromise[] {
  const unsound = "the findings or the attacks show a hole";
  return [
    {
      against: "mistakes of the application",
      holds: sound,
      because: sound ? "PostgreSQL keeps the rows of other tenants from each statement" : unsound,
    },
    {
      against: "SQL injected into a tenant's statement",
      holds: sound && login === "hardened",
      because: sound || login !== "hardened" ? INJECTION[login] : unsound,
    },
  ];
}
