import { ValidationError } from "@stratum-hq/core";
import { Query } from "pg";
import { extendedQuery, type TenantQuery } from "./tenant-query";

describe("a tenant's statement", () => {
  it("goes by the extended protocol, its values bound, those of the call before its own", () => {
    const query = { text: "select $1", values: [1] };
    expect(extendedQuery(query, undefined, null)).toMatchObject({
      ...query,
      queryMode: "extended",
    });
    expect(extendedQuery(query, [2], null)).toMatchObject({ text: "select $1", values: [2] });
  });

  it.each<[string, unknown]>([
    ["nothing", {}],
    ["a number", { text: 1 }],
    ["a query of pg's own, which sends what it likes", new Query("select 1")],
    ["a cursor's or a COPY's", { text: "copy orders to stdout", submit: () => null }],
  ])("is a text, and not %s", (_, query) => {
    expect(() => extendedQuery(query as TenantQuery, undefined, null)).toThrow(ValidationError);
  });
});
