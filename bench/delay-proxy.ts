// Puts a network's delay before a server: node delay-proxy.js PORT MICROSECONDS each way. It sends its own port.
// A process of its own, so that it takes no time of the client's event loop.
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

interface Held {
  readonly due: bigint;
  deliver(): void;
}

const [target, micros] = process.argv.slice(2).map(Number) as [number, number];
const delay = BigInt(micros) * 1000n;
const held: Held[] = [];

/** Timers are a millisecond coarse: while anything is held, each turn of the loop looks at the clock. */
function pump(): void {
  const now = process.hrtime.bigint();
  for (let first = held[0]; first !== undefined && first.due <= now; first = held[0]) {
    held.shift();
    first.deliver();
  }
  if (held.length > 0) setImmediate(pump);
}

function pass(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  from.on("data", (chunk) => {
    if (held.length === 0) setImmediate(pump);
    held.push({ due: process.hrtime.bigint() + delay, deliver: () => to.write(chunk) });
  });
  from.on("close", () => to.destroy()).on("error", () => to.destroy());
}

const server = createServer((client) => {
  const upstream = connect(target, "127.0.0.1");
  pass(client, upstream);
  pass(upstream, client);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
// With the benchmark.
process.on("disconnect", () => process.exit(0));
