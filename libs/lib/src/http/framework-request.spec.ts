import { FrameworkRequest, type RawRequest } from "./framework-request";

const requestOf = (given: Partial<RawRequest>) =>
  new FrameworkRequest({ method: "GET", originalUrl: "/a?b", headers: {}, ...given });

describe("a framework's request", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "::1"],
    ["' or 1 = 1", null],
    ["x".repeat(5000), null],
    [undefined, null],
  ])("is from %p: %p", (ip, address) => {
    expect(requestOf(ip === undefined ? {} : { ip }).source_ip).toBe(address);
  });

  it("has the framework's id, else the client's where it is one, else a new one", () => {
    const headers = { "x-request-id": "of-the-client" };
    expect(requestOf({ id: "req-1", headers }).request_id).toBe("req-1");
    expect(requestOf({ headers }).request_id).toBe("of-the-client");
    for (const id of ["", "with spaces", "ü", "x".repeat(256), 7]) {
      const other = requestOf({ id, headers: { "x-request-id": String(id).padEnd(300) } });
      expect(other.request_id).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it("has the url as the client sent it, and a host that need not be there", () => {
    const request = requestOf({});
    expect([request.method, request.url, request.hostname]).toEqual(["GET", "/a?b", ""]);
  });
});
