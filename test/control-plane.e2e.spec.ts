import { createServer } from "node:net";
import { join } from "node:path";
import { runChild, type Child } from "./support/child";

const MAIN = join(__dirname, "..", "src", "main.ts");

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

async function answer(url: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url);
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

describe("the control plane", () => {
  let child: Child | undefined;

  afterEach(() => child?.process.kill("SIGKILL"));

  it("answers GET /health, and ends on SIGTERM", async () => {
    const port = await freePort();
    child = runChild(MAIN, [], { env: { ...process.env, HOST: "127.0.0.1", PORT: String(port) } });
    const response = await answer(`http://127.0.0.1:${port}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok" });
    expect((await fetch(`http://127.0.0.1:${port}/tenants`)).status).toBe(404);
    child.process.kill("SIGTERM");
    expect(await child.ended).toMatchObject({ code: 0, signal: null });
  });

  it("says what is wrong with PORT", async () => {
    child = runChild(MAIN, [], { env: { ...process.env, PORT: "http" } });
    const { code, stderr } = await child.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('PORT is "http"');
  });
});
