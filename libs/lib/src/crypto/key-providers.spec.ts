import { FileKeyProvider, MasterKeyring } from "@stratum-hq/lib";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyProviderContract } from "../../../../test/support/key-provider.contract";
import { TestKms } from "../../../../test/support/test-kms";
import { defaultKeyProvider } from "./default-key-provider";

const newKey = (): string => randomBytes(32).toString("base64");
const directory = mkdtempSync(join(tmpdir(), "stratum-keys-"));
let files = 0;
const newFile = (): string => join(directory, `${(files += 1)}`, "master.key");

afterAll(() => {
  rmSync(directory, { recursive: true });
});

keyProviderContract("a keyring in memory", () => {
  const [before, after] = [newKey(), newKey()];
  return Promise.resolve({
    provider: new MasterKeyring([before]),
    rotated: () => Promise.resolve(new MasterKeyring([after, before])),
  });
});

keyProviderContract("a file", async () => {
  const path = newFile();
  await new FileKeyProvider(path, true).currentKeyId();
  const provider = new FileKeyProvider(path);
  return {
    provider,
    rotated: () => {
      writeFileSync(path, `# new\n${newKey()}\n\n${readFileSync(path, "utf8")}`);
      return Promise.resolve(provider);
    },
  };
});

keyProviderContract("a key management service", () => {
  const provider = new TestKms();
  return Promise.resolve({
    provider,
    rotated: () => {
      provider.rotate();
      return Promise.resolve(provider);
    },
  });
});

describe("master keys", () => {
  const hex = "00".repeat(32);

  it("are 32 bytes in hex, base64 or base64url, the same key in each", async () => {
    const bytes = randomBytes(32);
    const ids = ["hex", "base64", "base64url"].map(async (encoding) =>
      new MasterKeyring([bytes.toString(encoding as BufferEncoding)]).currentKeyId(),
    );
    expect(new Set(await Promise.all(ids)).size).toBe(1);
  });

  it.each(["", "short", "g".repeat(64), `${hex}00`, randomBytes(31).toString("base64")])(
    "are not %p, and the error does not say what they are",
    (text) => {
      expect(() => new MasterKeyring([text])).toThrow(
        expect.objectContaining({
          code: "MASTER_KEY_INVALID",
          message: expect.not.stringContaining(text === "" ? "undefined" : text) as unknown,
        }) as Error,
      );
    },
  );

  it("come from the environment", async () => {
    const [current, previous] = [newKey(), newKey()];
    const before = defaultKeyProvider({ STRATUM_MASTER_KEY: previous });
    const context = { tenant_id: "t", version: "1" };
    const wrapped = await before.wrap(randomBytes(32), context);
    const provider = defaultKeyProvider({
      NODE_ENV: "production",
      STRATUM_MASTER_KEY: current,
      STRATUM_MASTER_KEY_PREVIOUS: ` ${newKey()} , ${previous}`,
    });
    expect(await provider.currentKeyId()).toBe(await new MasterKeyring([current]).currentKeyId());
    await expect(provider.unwrap(wrapped, context)).resolves.toHaveLength(32);
  });

  it("are missing in production where nothing names them", () => {
    expect(() => defaultKeyProvider({ NODE_ENV: "production" })).toThrow(
      expect.objectContaining({ code: "MASTER_KEY_MISSING" }) as Error,
    );
  });

  it("of a file that is named and not there is an error, and none is made", async () => {
    const path = newFile();
    const provider = defaultKeyProvider({ STRATUM_MASTER_KEY_FILE: path });
    await expect(provider.currentKeyId()).rejects.toMatchObject({
      code: "MASTER_KEY_FILE_UNUSABLE",
      details: { path },
    });
    expect(existsSync(path)).toBe(false);
  });

  it("of development are made once, by whoever is first, for their owner's eyes only", async () => {
    const path = newFile();
    const ids = Array.from({ length: 20 }, () => new FileKeyProvider(path, true).currentKeyId());
    expect(new Set(await Promise.all(ids)).size).toBe(1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
