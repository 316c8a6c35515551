/** Secrets at rest: AES-256-GCM under one key of 32 bytes. Pure but for the random nonce. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface Seal {
  /** Base64url of: key id (1 byte), nonce (12), what was sealed, tag (16). `about` is bound to it: it opens for nothing else. */
  seal(text: string, about: string): string;
  /** Throws `Unopened` when it was sealed under another key, about something else, or was touched. */
  open(sealed: string, about: string): string;
}

/** Another key, another thing, or tampered with; the message says which of the first, and nothing of the content. */
export class Unopened extends Error {
  override name = 'Unopened';
}

const NONCE = 12;
const TAG = 16;
const CIPHER = 'aes-256-gcm';

/** @param key exactly 32 bytes. */
export function createSeal(key: Uint8Array): Seal {
  const [id = 0] = derive(key, 'key id', 1);
  return {
    seal(text, about) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(id), nonce, body, cipher.getAuthTag()]).toString('base64url');
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < 1 + NONCE + TAG || bytes[0] !== id) throw new Unopened('sealed under another key');
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(1, 1 + NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-TAG));
      try {
        const body = bytes.subarray(1 + NONCE, -TAG);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch {
        throw new Unopened('touched, or about something else');
      }
    },
  };
}

/** Another secret from the same key (HKDF-SHA-256): knowing one tells nothing of the other. */
export const derive = (key: Uint8Array, purpose: string, bytes = 32): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `ace-desk ${purpose}`, bytes));
