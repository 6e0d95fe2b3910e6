import { LOCAL_API, runAs, STRATUM_API, type Actor, type ApiMethod } from "@stratum-hq/lib";
import { caseOf, METHODS, prepared } from "./contract/cases";
import { inProcess } from "./contract/in-process";
import { callFacade } from "./support/call-facade";
import type { Method } from "./support/cases";
import { DECLARED } from "./support/declared-tables";
import { codeOf, useStratum } from "./support/use-stratum";

type Asked = Pick<ApiMethod, "scope" | "alsoScopes" | "escalations">;

const ALL: Readonly<Record<string, Asked>> = {
  ...STRATUM_API,
  ...LOCAL_API,
};

const SCOPED = METHODS.filter((name) => ALL[name]!.scope !== "none");
const ESCALATED = METHODS.filter((name) => ALL[name]!.escalations !== undefined);

/** Arguments that ask for more than a method's own scope, one call for each escalation. */
const ESCALATIONS: Readonly<Record<string, readonly unknown[]>> = {
  setConfig: ["ID", "k", { value: 1, sensitive: false }],
  batchSetConfig: ["ID", [{ key: "k", value: 1, sensitive: false }]],
  deletePermission: ["ID", "ID", { force: true }],
  banPermission: ["ID", "p", { force: true }],
  exportTenantData: ["ID", { include_secrets: true }],
  exportTenantStream: ["ID", { include_secrets: true }],
  purgeExpiredData: [90],
  purgeExpiredAuditLogs: [],
  createRole: [{ name: "r", scopes: [] }],
  assignRole: ["user", "u", "ID"],
  removeRole: ["user", "u"],
  createApiKey: [null],
  rotateDataKey: [null],
};

interface Refused {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const NOT_REFUSED: Refused = { code: "ok", details: {} };

describe("the scopes of the facade", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const target = inProcess(t);

  const actor = (scopes: readonly string[]): Actor => ({
    ...{ actor_id: "alice", actor_type: "jwt", scopes: [...scopes] },
  });
  const call = (as: Actor, name: Method, args: readonly unknown[]) =>
    runAs(as, async () => callFacade(t.stratum, name, args));
  const errorOf = (pending: Promise<unknown>): Promise<Refused> =>
    pending.then(
      () => NOT_REFUSED,
      (error: Refused) => error,
    );

  it("are asked for by every method but those that decide themselves", () => {
    const open = METHODS.filter((name) => ALL[name]!.scope === "none");
    expect(open.sort()).toEqual(["dryRun", "runInTenant", "tenantPool", "validateApiKey"]);
  });

  it.each(SCOPED)(
    "%s is refused without scopes, with another scope, and to nobody in particular",
    async (name) => {
      const { scope, alsoScopes = [] } = ALL[name]!;
      const other = scope === "usage:read" ? "consent:read" : "usage:read";
      for (const scopes of [[], [other]]) {
        const { code, details } = await errorOf(call(actor(scopes), name, []));
        expect([name, code]).toEqual([name, "FORBIDDEN"]);
        expect(details["missing"]).toEqual(expect.arrayContaining([scope, ...alsoScopes]));
      }
      const nobody = { actor_id: "anonymous", actor_type: "system", scopes: [] } as const;
      expect(await codeOf(call(nobody, name, []))).toBe("UNAUTHORIZED");
    },
  );

  it.each(SCOPED)("%s is allowed with its scopes, and to code without an actor", async (name) => {
    const g = await t.grow(["root", ["child"]]);
    const { scope, alsoScopes = [], escalations = [] } = ALL[name]!;
    const scopes = [scope, ...alsoScopes, ...escalations.map((each) => each.scope)];
    // What a call grants, its caller has to hold too.
    const held = ["createRole", "updateRole", "createApiKey", "rotateApiKey"].includes(name)
      ? [...scopes, "admin"]
      : [...scopes, "read"];
    const { call: made } = await prepared(t, name, { root: g.root!, child: g.child! }, (args) =>
      target.call(name, args),
    );
    const code = await codeOf(runAs(actor(held), made));
    expect([name, code]).not.toEqual([name, "FORBIDDEN"]);
    expect([name, code]).not.toEqual([name, "UNAUTHORIZED"]);
    expect(caseOf(name)).toBeDefined();
  });

  it("have a call here for each escalation", () => {
    expect(Object.keys(ESCALATIONS).sort()).toEqual([...ESCALATED].sort());
  });

  it.each(ESCALATED)("%s asks for more where its arguments do", async (name) => {
    const g = await t.grow(["root"]);
    const { scope, escalations = [] } = ALL[name]!;
    const args = ESCALATIONS[name]!.map((each) => (each === "ID" ? g.root!.id : each));
    const { code, details } = await errorOf(call(actor([scope]), name, args));
    expect([name, code]).toEqual([name, "FORBIDDEN"]);
    expect(details["missing"]).toEqual(escalations.map((each) => each.scope));
  });

  it("never fail on arguments that throw when they are read", async () => {
    const hostile = {
      get sensitive(): boolean {
        throw new Error("read");
      },
      value: 1,
    };
    const { root } = await t.grow(["root"]);
    expect(await codeOf(call(actor(["config:read"]), "setConfig", [root!.id, "k", hostile]))).toBe(
      "FORBIDDEN",
    );
  });
});
