import { Injectable } from "@nestjs/common";
import { randomBytes } from "node:crypto";
import { Database } from "./database";

/** Secrets of the deployment that it makes for itself, one for all of its processes. */
@Injectable()
export class PlatformSecretsStore {
  constructor(private readonly database: Database) {}

  /** The secret of a name, made by whichever process asks first. */
  async findOrCreate(name: string, bytes: number): Promise<Buffer> {
    const found = await this.find(name);
    if (found !== undefined) return found;
    await this.database.query(
      `insert into stratum.platform_secrets (name, value) values ($1, decode($2, 'hex'))
       on conflict (name) do nothing`,
      [name, randomBytes(bytes).toString("hex")],
    );
    return (await this.find(name)) as Buffer;
  }

  private async find(name: string): Promise<Buffer | undefined> {
    const [row] = await this.database.query<{ value: string }>(
      "select encode(value, 'hex') as value from stratum.platform_secrets where name = $1",
      [name],
    );
    return row === undefined ? undefined : Buffer.from(row.value, "hex");
  }
}
