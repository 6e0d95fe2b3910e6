import { listenAddress } from "./listen-address";

describe("listenAddress", () => {
  it("has defaults", () => {
    expect(listenAddress({})).toEqual({ host: "0.0.0.0", port: 3000 });
  });

  it("takes HOST and PORT", () => {
    expect(listenAddress({ HOST: "127.0.0.1", PORT: "0" })).toEqual({ host: "127.0.0.1", port: 0 });
  });

  it.each(["", "http", "-1", "65536", "80.5"])("refuses PORT=%s", (PORT) => {
    expect(() => listenAddress({ PORT })).toThrow("PORT");
  });
});
