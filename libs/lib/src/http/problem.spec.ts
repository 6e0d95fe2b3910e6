import { TenantContextMissingError, TenantNotFoundError } from "@stratum-hq/core";
import { problemOf } from "./problem";

describe("problemOf", () => {
  it("tells a client what it did wrong", () => {
    expect(problemOf(new TenantNotFoundError({ slug: "x" }))).toEqual({
      type: "about:blank",
      title: "Not Found",
      status: 404,
      code: "TENANT_NOT_FOUND",
      detail: 'No tenant with slug "x". Check the value.',
      details: { slug: "x" },
    });
  });

  it("tells nobody what the server did wrong", () => {
    expect(problemOf(new TenantContextMissingError())).toEqual({
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      code: "TENANT_CONTEXT_MISSING",
    });
  });
});
