import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { JwtOptions } from "@stratum-hq/lib";

export const ISSUER = "https://id.example.com";
export const AUDIENCE = "stratum-test";

/** Null leaves a claim out. */
type Claims = Record<string, unknown>;

/** An identity provider that listens: its keys at a URL, and tokens signed with them. */
export interface IdentityProvider {
  readonly jwksUrl: string;
  readonly options: JwtOptions;
  /** The public key of its current key, in PEM. */
  readonly publicKey: string;
  /** A token that is valid for five minutes, unless claims or header say otherwise. */
  sign(claims: Claims, header?: { alg?: string; kid?: string }): Promise<string>;
  /** Replaces its key by another one. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

async function newKey(kid: string) {
  const { exportJWK, exportSPKI, generateKeyPair } = await import("jose");
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: "ES256", use: "sig" };
  return { kid, jwk, privateKey, pem: await exportSPKI(publicKey) };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { SignJWT } = await import("jose");
  let generation = 1;
  let key = await newKey("key-1");
  const server = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys: [key.jwk] }));
  });
  const jwksUrl = await listen(server);
  return {
    jwksUrl,
    options: { jwksUrl, issuer: ISSUER, audience: AUDIENCE },
    publicKey: key.pem,
    sign: (claims, header = {}) => {
      const standard = { iss: ISSUER, aud: AUDIENCE, sub: "alice", exp: secondsFromNow(300) };
      const all: Claims = { ...standard, ...claims };
      for (const [name, value] of Object.entries(all))
        if (value === null) Reflect.deleteProperty(all, name);
      return new SignJWT(all)
        .setProtectedHeader({ alg: "ES256", kid: key.kid, ...header })
        .sign(key.privateKey);
    },
    rotate: async () => {
      generation += 1;
      key = await newKey(`key-${generation}`);
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token with no signature. */
export function unsigned(claims: Claims): string {
  const standard = { iss: ISSUER, aud: AUDIENCE, sub: "mallory", exp: secondsFromNow(300) };
  return `${part({ alg: "none", typ: "JWT" })}.${part({ ...standard, ...claims })}.`;
}

/** A token signed by HMAC with a public key's text, which a verifier that trusts `alg` accepts. */
export async function confused(publicKey: string, claims: Claims): Promise<string> {
  const { createHmac } = await import("node:crypto");
  const standard = { iss: ISSUER, aud: AUDIENCE, sub: "mallory", exp: secondsFromNow(300) };
  const text = `${part({ alg: "HS256", kid: "key-1" })}.${part({ ...standard, ...claims })}`;
  return `${text}.${createHmac("sha256", publicKey).update(text).digest("base64url")}`;
}
