import type { JsonObject } from "@stratum-hq/core";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("a tenant of odd inputs", () => {
  const t = useStratum();

  it("is created with every key of its configuration, also with one that objects inherit", async () => {
    const config = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as JsonObject;
    const { id } = await t.stratum.createTenant({ name: "odd keys", config });
    const entries =
      "select key, value from stratum.config_entries where tenant_id = $1 order by key";
    expect(await t.rows(entries, [id])).toEqual([
      { key: "__proto__", value: { a: 1 } },
      { key: "constructor", value: 2 },
    ]);
    const getter = {
      get name(): string {
        throw new Error("boom");
      },
    };
    expect(await codeOf(t.stratum.createTenant(getter))).toBe("VALIDATION_ERROR");
  });
});
