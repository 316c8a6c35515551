/** The keys with which the stand-in for Microsoft signs, and tokens as the channel (or a forger) makes them. */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Json, parts } from './teams-screen.ts';

export const ISSUER = 'https://api.botframework.com';

export interface Key {
  kid: string;
  private: KeyObject;
  /** The channels it may sign for, as the key set says. */
  endorsements: string[];
}

export const createKey = (kid: string, endorsements = ['msteams']): Key => ({
  kid,
  private: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  endorsements,
});

/** As it stands in the key set. */
export const publicKey = ({ kid, private: key, endorsements }: Key): Json => ({
  ...parts(createPublicKey(key).export({ format: 'jwk' })),
  ...{ kid, x5t: kid, use: 'sig', endorsements },
});

const encoded = (it: unknown): string => Buffer.from(JSON.stringify(it)).toString('base64url');

/** Signed with RS256, or as `header.alg` pretends; `undefined` in header or claims leaves a member out. */
export function token(key: Key, claims: Json, header: Json = {}): string {
  const said = `${encoded({ alg: 'RS256', typ: 'JWT', kid: key.kid, x5t: key.kid, ...header })}.${encoded(claims)}`;
  return `${said}.${sign('RSA-SHA256', Buffer.from(said), key.private).toString('base64url')}`;
}

/** What the channel says of itself with an activity; good for an hour. @param now epoch ms */
export const claimsFor = (serviceUrl: unknown, appId: string, now: number): Json => {
  const seconds = Math.floor(now / 1000);
  return { iss: ISSUER, aud: appId, serviceurl: serviceUrl, nbf: seconds - 60, exp: seconds + 3600 };
};
