import { TenantConnection, type TenantClients } from "./tenant-connection";

type Connected = (error: undefined, connection: TenantConnection, release: () => void) => void;

/** What TypeORM takes in place of the `pg` module: a pool without connections of its own. */
export function tenantConnections(clients: TenantClients) {
  return {
    Pool: class {
      on(): this {
        return this;
      }

      connect(connected: Connected): void {
        const connection = new TenantConnection(clients);
        connected(undefined, connection, () => connection.release());
      }

      end(ended: () => void): void {
        ended();
      }
    },
  };
}
