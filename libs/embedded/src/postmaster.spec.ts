import { parsePostmaster } from "./postmaster";

const LINES = ["71", "/data", "1700000000", "5433", "", "127.0.0.1", "  1 2", "ready   ", ""];

describe("parsePostmaster", () => {
  it("reads the lock file of a server", () => {
    const postmaster = { pid: 71, port: 5433, directory: "/data", ready: true };
    expect(parsePostmaster(LINES.join("\n"))).toEqual(postmaster);
  });

  it.each(["starting", "stopping", "standby"])("is not ready while it is %s", (status) => {
    expect(parsePostmaster(LINES.with(7, status).join("\n"))?.ready).toBe(false);
  });

  it("is not ready before the status is written", () => {
    expect(parsePostmaster(LINES.slice(0, 4).join("\n"))?.ready).toBe(false);
  });

  it.each(["", "\n", "none\n/data\n", "-71\n/data\n", "0\n/data\n"])("refuses %j", (text) => {
    expect(parsePostmaster(text)).toBeNull();
  });
});
