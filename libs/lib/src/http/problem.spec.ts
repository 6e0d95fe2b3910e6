import {
  DatabaseUnavailableError,
  ERROR_PAGE,
  TenantContextMissingError,
  TenantNotFoundError,
  ValidationError,
} from "@stratum-hq/core";
import { problemOf } from "./problem";

describe("problemOf", () => {
  it("tells a client what it did wrong", () => {
    const context = { instance: "/tenants", request_id: "r" };
    expect(problemOf(new TenantNotFoundError({ slug: "x" }), context)).toEqual({
      type: `${ERROR_PAGE}#tenant_not_found`,
      title: "Not Found",
      status: 404,
      code: "TENANT_NOT_FOUND",
      detail: 'No tenant with slug "x". Check the value.',
      details: { slug: "x" },
      instance: "/tenants",
      request_id: "r",
    });
  });

  it("points to each wrong part of the input", () => {
    const issues = [
      { path: "", message: "too much" },
      { path: "entries.0.a~b/c", message: "wrong" },
    ];
    expect(problemOf(new ValidationError("input", issues)).errors).toEqual([
      { pointer: "", detail: "too much" },
      { pointer: "/entries/0/a~0b~1c", detail: "wrong" },
    ]);
  });

  it("tells nobody what the server did wrong", () => {
    expect(problemOf(new TenantContextMissingError())).toEqual({
      type: `${ERROR_PAGE}#tenant_context_missing`,
      title: "Internal Server Error",
      status: 500,
      code: "TENANT_CONTEXT_MISSING",
    });
  });

  it("says what to do while the server cannot serve, and nothing of the cause", () => {
    const problem = problemOf(new DatabaseUnavailableError(new Error("connect 10.0.0.1")));
    expect(problem).toMatchObject({ status: 503, code: "DATABASE_UNAVAILABLE" });
    expect(problem.detail).toMatch(/^PostgreSQL cannot be reached/);
    expect(JSON.stringify(problem)).not.toContain("10.0.0.1");
  });
});
