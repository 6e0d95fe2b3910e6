import { EnvironmentError, readEnvironment } from "./environment";

describe("readEnvironment", () => {
  it("has a default for everything that needs one, and takes an empty variable for none", () => {
    expect(readEnvironment({ PORT: "", DATABASE_URL: "" })).toEqual({
      HOST: "127.0.0.1",
      PORT: 3000,
      DATABASE_POOL_MAX: 20,
      STRATUM_DATA_DIR: ".stratum/postgres",
      BODY_LIMIT: 4_194_304,
      RATE_LIMIT: 6000,
      RATE_LIMIT_ANONYMOUS: 60,
      LOG_LEVEL: "info",
    });
  });

  it.each([
    ["PORT", { PORT: "http" }],
    ["PORT", { PORT: "-1" }],
    ["PORT", { PORT: "65536" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://localhost" }],
    ["DATABASE_POOL_MAX", { DATABASE_POOL_MAX: "1" }],
    ["STRATUM_JWT_SECRET", { STRATUM_JWT_SECRET: "short" }],
    ["STRATUM_JWKS_URL", { STRATUM_JWKS_URL: "https://id.example/keys" }],
    ["STRATUM_JWKS_URL", { STRATUM_JWKS_URL: "https://a.b/k", STRATUM_JWT_SECRET: "s".repeat(32) }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
  ])("names %s where it is wrong: %j", (name, variables) => {
    const read = () => readEnvironment(variables);
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(`${name} is wrong: `);
  });
});
