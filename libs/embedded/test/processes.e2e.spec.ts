import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runChild } from "../../../test/support/child";
import { answer, useDataDirectory } from "./use-data-directory";

const START_AND_WAIT = join(__dirname, "start-and-wait.ts");

describe("an embedded PostgreSQL among processes that come and go", () => {
  const place = useDataDirectory();

  it("is adopted, and stopped, after its starter was killed with -9", async () => {
    const { child, started } = await place.startElsewhere();
    child.process.kill("SIGKILL");
    await child.ended;
    const server = await place.start();
    expect(server).toMatchObject({ adopted: true, pid: started.pid, url: started.url });
    const second = await place.start();
    await second.stop();
    expect(await answer(server.url)).toBe(42);
    await server.stop();
    await expect(answer(server.url)).rejects.toThrow("ECONNREFUSED");
  });

  it("does not keep a process that forgets it from ending, and is adopted by the next", async () => {
    const { child, started } = await place.startElsewhere({}, "start-and-leave.ts");
    expect(await child.ended).toMatchObject({ code: 0, signal: null });
    expect(await answer(started.url)).toBe(42);
    expect(await place.start()).toMatchObject({ adopted: true, pid: started.pid });
  });

  it("is started anew after it was itself killed with -9", async () => {
    const first = await place.start();
    await answer(first.url, "create table kept as select 1 as x");
    process.kill(first.pid, "SIGKILL");
    const second = await place.start();
    expect(second.adopted).toBe(false);
    expect(await answer(second.url, "select x from kept")).toBe(1);
  });

  it("is not mistaken for another program, or another PostgreSQL, with its pid", async () => {
    const first = await place.start();
    await first.stop();
    const other = await place.start({ dataDir: join(place.directory, "other") });
    for (const [pid, port] of [
      [process.pid, 5432],
      [other.pid, other.port],
    ]) {
      const lock = `${pid}\n${place.dataDir}\n1\n${port}\n\n\n\nready\n`;
      writeFileSync(join(place.dataDir, "postmaster.pid"), lock);
      const second = await place.start();
      expect(second.adopted).toBe(false);
      expect(second.pid).not.toBe(other.pid);
      expect(await answer(second.url)).toBe(42);
      await second.stop();
    }
    expect(await answer(other.url)).toBe(42);
  });

  it("is left running by those who adopted it, in another process and in the same", async () => {
    const { child, started } = await place.startElsewhere();
    const server = await place.start();
    expect(server.adopted).toBe(true);
    await server.stop();
    expect(await answer(started.url)).toBe(42);
    child.process.kill("SIGTERM");
    await child.ended;
    const owner = await place.start();
    expect(owner.adopted).toBe(false);
    const user = await place.start();
    await user.stop();
    expect(await answer(owner.url)).toBe(42);
    await owner.stop();
    await expect(answer(owner.url)).rejects.toThrow("ECONNREFUSED");
  });

  it("is one server for four processes that start a new directory at once", async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => place.startElsewhere()));
    expect(new Set(all.map(({ started }) => started.pid)).size).toBe(1);
    expect(all.filter(({ started }) => !started.adopted)).toHaveLength(1);
    for (const { started } of all) expect(await answer(started.url)).toBe(42);
    const adopters = all.filter(({ started }) => started.adopted);
    for (const { child } of adopters) {
      child.process.kill("SIGTERM");
      expect(await child.ended).toMatchObject({ code: 0 });
    }
    expect(await answer(all[0]!.started.url)).toBe(42);
  });

  it("is one server on one port for two handles that ask for the same port at once", async () => {
    const first = await place.start();
    const { port } = first;
    await first.stop();
    const both = await Promise.all([place.start({ port }), place.start({ port })]);
    expect(new Set(both.map((server) => `${server.pid} ${server.port}`)).size).toBe(1);
  });

  it("is never half made: initdb that is killed leaves nothing that a start would trust", async () => {
    const child = runChild(START_AND_WAIT, [place.dataDir]);
    const drafts = () => readdirSync(place.directory).filter((name) => name.includes(".draft-"));
    while (!drafts().some((name) => existsSync(join(place.directory, name, "PG_VERSION")))) {
      await sleep(2);
    }
    child.process.kill("SIGKILL");
    await child.ended;
    expect(existsSync(place.dataDir)).toBe(false);
    expect(drafts()).not.toEqual([]);
    const server = await place.start();
    expect(await answer(server.url)).toBe(42);
    expect(readFileSync(join(place.dataDir, "PG_VERSION"), "utf8")).toBe("18\n");
  });
});
