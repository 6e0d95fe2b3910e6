import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { answer, refusal, useDataDirectory } from "../test/use-data-directory";
import { startEmbeddedPostgres } from ".";

describe("startEmbeddedPostgres", () => {
  const place = useDataDirectory();

  it("starts a server that answers, and keeps its data", async () => {
    const first = await place.start();
    expect(first.adopted).toBe(false);
    await answer(first.url, "create table kept as select 1 as x");
    await first.stop();
    await expect(answer(first.url)).rejects.toThrow("ECONNREFUSED");
    const again = await place.start();
    expect(await answer(again.url, "select x from kept")).toBe(1);
  });

  it("listens on an address, not on a name, and on no socket", async () => {
    const { url } = await place.start();
    expect(new URL(url).hostname).toBe("127.0.0.1");
    expect(await answer(url, "show listen_addresses")).toBe("127.0.0.1");
    expect(await answer(url, "show unix_socket_directories")).toBe("");
  });

  it("lets nobody in without the password, which its owner alone can read", async () => {
    const { url, dataDir } = await place.start();
    const forged = new URL(url);
    forged.password = "guess";
    await expect(answer(forged.toString())).rejects.toMatchObject({ code: "28P01" });
    expect(statSync(join(dataDir, "stratum_password")).mode & 0o777).toBe(0o600);
    expect(await answer(url, "select count(*)::int from pg_hba_file_rules")).toBeGreaterThan(0);
    const others = "auth_method <> 'scram-sha-256'";
    expect(await answer(url, `select count(*)::int from pg_hba_file_rules where ${others}`)).toBe(
      0,
    );
  });

  it("waits for the disk unless told otherwise", async () => {
    const safe = await place.start({ fsync: true });
    expect(await answer(safe.url, "show fsync")).toBe("on");
    await safe.stop();
    expect(await answer((await place.start()).url, "show fsync")).toBe("off");
  });

  it("names a port that is taken, and numbers that are no ports", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as { port: number };
    const taken = await refusal(place.start({ port }));
    expect(taken).toMatchObject({ code: "PORT_IN_USE" });
    expect(taken.message).toContain('leave "port" out');
    await new Promise((done) => server.close(done));
    expect((await place.start({ port })).port).toBe(port);
    for (const wrong of [0, 80_000, 1.5]) {
      expect(await refusal(place.start({ port: wrong }))).toMatchObject({ code: "PORT_INVALID" });
    }
  });

  it("refuses a directory of another release, with other files, of another program, in a file", async () => {
    mkdirSync(place.dataDir);
    writeFileSync(join(place.dataDir, "notes.txt"), "mine");
    expect(await refusal(place.start())).toMatchObject({ code: "DATA_DIRECTORY_UNUSABLE" });
    writeFileSync(join(place.dataDir, "PG_VERSION"), "15\n");
    expect(await refusal(place.start())).toMatchObject({ code: "DATA_DIRECTORY_VERSION" });
    writeFileSync(join(place.dataDir, "PG_VERSION"), "18\n");
    const foreign = await refusal(place.start());
    expect(foreign.message).toContain("did not make it");
    const dataDir = join(place.dataDir, "notes.txt", "data");
    const inFile = await refusal(startEmbeddedPostgres({ dataDir }));
    expect(inFile).toMatchObject({ code: "DATA_DIRECTORY_UNUSABLE" });
    expect(readFileSync(join(place.dataDir, "notes.txt"), "utf8")).toBe("mine");
  });

  it("says what the server logged when it refuses to start", async () => {
    const error = await refusal(place.start({ settings: { shared_buffers: "none" } }));
    expect(error).toMatchObject({ code: "START_FAILED" });
    expect(error.details).toContain("shared_buffers");
  });

  it("says what the server logged about a damaged directory", async () => {
    await (await place.start()).stop();
    rmSync(join(place.dataDir, "global", "pg_control"));
    const error = await refusal(place.start());
    expect(error).toMatchObject({ code: "START_FAILED" });
    expect(error.details).toContain("pg_control");
  });

  it("says that a server hangs", async () => {
    const { pid } = await place.start();
    process.kill(pid, "SIGSTOP");
    try {
      const error = await refusal(place.start({ startTimeoutMs: 500 }));
      expect(error).toMatchObject({ code: "START_TIMEOUT" });
      expect(error.message).toContain(String(pid));
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });
});
