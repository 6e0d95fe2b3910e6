/** Requests over HTTP. */
export * from "./http.errors";
