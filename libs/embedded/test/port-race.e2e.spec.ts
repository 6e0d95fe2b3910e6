import { createServer } from "node:net";
import { freePort } from "../src/port";
import { answer, refusal, useDataDirectory } from "./use-data-directory";

jest.mock<object>("../src/port", () => {
  const actual = jest.requireActual<typeof import("../src/port")>("../src/port");
  return { ...actual, freePort: jest.fn(actual.freePort) };
});

describe("a port that somebody takes between its choice and the server's start", () => {
  const place = useDataDirectory();
  const stranger = createServer();
  let port = 0;

  beforeAll(async () => {
    await new Promise<void>((done) => stranger.listen(0, "127.0.0.1", done));
    port = (stranger.address() as { port: number }).port;
  });
  afterAll(() => new Promise((done) => stranger.close(done)));

  it("is given up for another one", async () => {
    jest.mocked(freePort).mockResolvedValueOnce(port).mockResolvedValueOnce(port);
    const server = await place.start();
    expect(server.port).not.toBe(port);
    expect(await answer(server.url)).toBe(42);
  });

  it("is not tried for ever", async () => {
    jest.mocked(freePort).mockResolvedValue(port);
    expect(await refusal(place.start())).toMatchObject({ code: "START_FAILED" });
  });
});
