/** A certificate for Microsoft's names, made for one run: NODE_EXTRA_CA_CERTS takes `file`. No key is kept anywhere. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generate } from 'selfsigned';

/** The hosts that teams-redirect.cjs leads here. */
export const HOSTS = ['login.botframework.com', 'login.microsoftonline.com', 'smba.trafficmanager.net'];

export interface Certificate {
  key: string;
  cert: string;
  /** Where `cert` stands. */
  file: string;
}

export async function certificateIn(folder: string): Promise<Certificate> {
  const altNames = HOSTS.map((value) => ({ type: 2 as const, value }));
  const made = await generate([{ name: 'commonName', value: 'stand-in' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  const file = path.join(folder, 'microsoft.pem');
  await writeFile(file, made.cert);
  return { key: made.private, cert: made.cert, file };
}
