const DEFAULT_HOST = "0.0.0.0";
const DEFAULT_PORT = "3000";

/**
 * Where to listen: `HOST` (default 0.0.0.0) and `PORT` (default 3000, 0 for any free one).
 *
 * @throws Error for a PORT that is none
 */
export function listenAddress(env: NodeJS.ProcessEnv): { host: string; port: number } {
  const text = env.PORT ?? DEFAULT_PORT;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new Error(`PORT is "${text}"; set it to a number from 0 to 65535.`);
  }
  return { host: env.HOST ?? DEFAULT_HOST, port };
}
