import { hasRedis, startRedis, type RedisServer } from "./support/redis-server";
import { useControlPlane, type ControlPlaneFixture } from "./support/use-control-plane";
import { useStratum } from "./support/use-stratum";

const t = useStratum();

/** The statuses of so many requests, all at once, and the headers of the last answer. */
async function storm(plane: ControlPlaneFixture, key: string | null, count: number) {
  const headers: Record<string, string> = key === null ? {} : { Authorization: `Bearer ${key}` };
  const responses = await Promise.all(
    Array.from({ length: count }, () => fetch(`${plane.origin}/api/v1/tenants`, { headers })),
  );
  const statuses: Record<number, number> = {};
  for (const { status } of responses) statuses[status] = (statuses[status] ?? 0) + 1;
  await Promise.all(responses.map((response) => response.text()));
  return { statuses, refused: responses.find(({ status }) => status === 429) };
}

const keyOf = async (tenantId: string, limit: object = {}): Promise<string> =>
  (await t.stratum.createApiKey(tenantId, { name: "k", scopes: ["read"], ...limit })).plaintext_key;

describe("requests", () => {
  const plane = useControlPlane(t, { RATE_LIMIT: "30", RATE_LIMIT_ANONYMOUS: "20" });

  it("are limited by the key's own limit, and answers say what is left", async () => {
    const { root } = await t.grow(["root"]);
    const key = await keyOf(root!.id, { rate_limit_max: 40, rate_limit_window: "1 minute" });
    const { statuses, refused } = await storm(plane, key, 60);
    expect(statuses).toEqual({ 200: 40, 429: 20 });
    expect(refused!.headers.get("ratelimit-policy")).toBe('"key";q=40;w=60');
    expect(refused!.headers.get("ratelimit")).toMatch(/^"key";r=0;t=\d+$/);
    const retry = Number(refused!.headers.get("retry-after"));
    expect(retry).toBeGreaterThan(0);
    expect(retry).toBeLessThanOrEqual(60);
    const again = await fetch(`${plane.origin}/api/v1/tenants`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    expect(await again.json()).toMatchObject({
      status: 429,
      code: "RATE_LIMITED",
      details: { policy: "key" },
    });
  });

  it("are limited by the common limit where the key has none, each key by itself", async () => {
    const { root } = await t.grow(["root"]);
    for (const key of [await keyOf(root!.id), await keyOf(root!.id)]) {
      expect((await storm(plane, key, 50)).statuses).toEqual({ 200: 30, 429: 20 });
    }
  });

  it("are limited by the tenant's limit, which is inherited, for all its keys together", async () => {
    const { root, child } = await t.grow(["root", ["child"]]);
    const value = { limit: 10, window_ms: 60_000 };
    await t.stratum.setConfig(root!.id, "stratum.rate_limit", { value });
    const keys = [await keyOf(child!.id), await keyOf(child!.id)];
    const counts = await Promise.all(keys.map((key) => storm(plane, key, 10)));
    const passed = counts.map(({ statuses }) => statuses[200] ?? 0);
    expect(passed[0]! + passed[1]!).toBe(10);
    const [limited] = counts.filter(({ refused }) => refused !== undefined);
    expect(limited!.refused!.headers.get("ratelimit-policy")).toBe(
      '"key";q=30;w=60, "tenant";q=10;w=60',
    );
  });

  it("are limited by their address where nobody is authenticated, and then alone", async () => {
    const nobody = await storm(plane, null, 15);
    const guesses = await storm(plane, "sk_live_guess", 15);
    expect((nobody.statuses[401] ?? 0) + (guesses.statuses[401] ?? 0)).toBe(20);
    expect(guesses.refused!.headers.get("ratelimit-policy")).toBe('"address";q=20;w=60');
    const { root } = await t.grow(["root"]);
    expect((await storm(plane, await keyOf(root!.id), 10)).statuses).toEqual({ 200: 10 });
  });
});

const withRedis = hasRedis() ? describe : describe.skip;

withRedis("requests to two processes on one Redis", () => {
  let redis: RedisServer;
  const variables: NodeJS.ProcessEnv = { RATE_LIMIT: "100" };
  beforeAll(async () => {
    redis = await startRedis();
    variables["REDIS_URL"] = redis.url;
  });
  const first = useControlPlane(t, variables);
  const second = useControlPlane(t, variables);
  afterAll(() => redis.kill());

  const health = async (plane = first) =>
    (await (await fetch(`${plane.origin}/health/ready`)).json()) as { status: string };

  it("are counted together, and by each process alone while Redis is gone", async () => {
    const { root } = await t.grow(["root"]);
    const key = await keyOf(root!.id);
    const passed = async (key: string) => {
      const storms = await Promise.all([storm(first, key, 100), storm(second, key, 100)]);
      return storms.map(({ statuses }) => statuses[200] ?? 0);
    };
    expect((await health()).status).toBe("ok");
    const together = await passed(key);
    expect(together[0]! + together[1]!).toBe(100);

    await redis.kill();
    expect(await passed(await keyOf(root!.id))).toEqual([100, 100]);
    expect(await health()).toMatchObject({
      status: "degraded",
      details: { redis: { status: "down" } },
    });

    await redis.start();
    for (const plane of [first, second]) {
      while ((await health(plane)).status !== "ok")
        await new Promise((done) => setTimeout(done, 50));
    }
    const again = await passed(await keyOf(root!.id));
    expect(again[0]! + again[1]!).toBe(100);
  });
});
