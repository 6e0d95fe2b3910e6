import { ValidationError } from "@stratum-hq/core";
import { Pool } from "pg";
import { ConnectionBudget } from "./connection-budget";
import { clientOf, loginOf, optionsOf } from "./server-login";

describe("a budget of connections", () => {
  it.each([0, -1, 1.5, Number.NaN])(
    "is a number of connections, which %d is not",
    (connections) => {
      expect(() => new ConnectionBudget({ connections })).toThrow(ValidationError);
    },
  );
});

describe("a client of a server", () => {
  const servers = {
    "a URL": { connectionString: "postgres://ann:secret@db.example:6543/app?application_name=x" },
    fields: { host: "db.example", port: 6543, user: "ann", password: "secret", database: "app" },
  };

  it.each(Object.entries(servers))(
    "is for another database, as the same login: %s",
    (_, options) => {
      const client = clientOf(optionsOf(new Pool(options)), "other");
      const { host, port, user, password, database } = client;
      expect({ host, port, user, password, database }).toEqual({
        ...{ host: "db.example", port: 6543, user: "ann", password: "secret", database: "other" },
      });
      expect(Reflect.get(client, "connectionParameters")).toMatchObject({ database: "other" });
    },
  );

  it.each(Object.entries(servers))("is for another login: %s", (_, options) => {
    const login = loginOf(new Pool({ connectionString: "postgres://bob:hush@elsewhere/x" }));
    const { host, user, password } = clientOf(options, "other", login);
    expect({ host, user, password }).toEqual({ host: "db.example", user: "bob", password: "hush" });
  });
});
