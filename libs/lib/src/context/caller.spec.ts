import { currentCaller, isPlatformAdmin, runAs, scopesLackedBy, type Actor } from "./caller";

const ID = "01890000-0000-7000-8000-000000000001";
const WANTED = ["permissions:write", "platform:admin"];

function lacked(actor: Actor): string[] {
  return runAs(actor, () => scopesLackedBy(currentCaller(), WANTED));
}

describe("the caller", () => {
  it("is the platform's system outside of any context, with every scope", () => {
    expect(currentCaller()).toMatchObject({ actor_type: "system", bound_to: null, scopes: null });
    expect(isPlatformAdmin(currentCaller())).toBe(true);
  });

  it("of type system has every scope that its bound allows", () => {
    expect(lacked({ actor_id: "a", actor_type: "system" })).toEqual([]);
    expect(lacked({ actor_id: "a", actor_type: "system", tenant_id: ID })).toEqual([
      "platform:admin",
    ]);
  });

  it.each(["jwt", "api_key"] as const)(
    "of type %s, so other than system without scopes, has none",
    (actor_type) => {
      expect(lacked({ actor_id: "a", actor_type })).toEqual(WANTED);
      expect(runAs({ actor_id: "a", actor_type }, () => isPlatformAdmin(currentCaller()))).toBe(
        false,
      );
    },
  );

  it("bound to a tenant never has the platform's scopes, whatever it was given", () => {
    const actor = { actor_id: "a", actor_type: "jwt", scopes: WANTED } as const;
    expect(lacked(actor)).toEqual([]);
    expect(lacked({ ...actor, tenant_id: ID })).toEqual(["platform:admin"]);
  });

  it("keeps its bounds where a method is given an audit context", () => {
    const audit = { actor_id: "b", actor_type: "system" } as const;
    const caller = runAs({ actor_id: "a", actor_type: "jwt", tenant_id: ID }, () =>
      currentCaller(audit),
    );
    expect(caller).toMatchObject({ ...audit, bound_to: ID, scopes: [] });
  });
});
