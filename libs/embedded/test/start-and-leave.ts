import { startEmbeddedPostgres } from "../src";

/** Starts a server and comes to its end without stopping it. */
startEmbeddedPostgres({ dataDir: process.argv[2] as string, fsync: false }).then(
  ({ url, pid, adopted, dataDir }) => console.log(JSON.stringify({ url, pid, adopted, dataDir })),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
