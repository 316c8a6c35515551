/** A socket in the file system as a sign of life: it is listened to until its process ends, however it ends. */
import { randomUUID } from 'node:crypto';
import { connect, createServer } from 'node:net';
import path from 'node:path';

/** sun_path holds 104 bytes on macOS, 108 on Linux. */
const LONGEST_NAME = 100;

export interface Listener {
  /** The file in its folder. */
  name: string;
  close(): Promise<void>;
}

/** Undefined where no socket can be made: a path too long, a file system without sockets. */
export function listen(folder: string): Promise<Listener | undefined> {
  const name = `${randomUUID()}.sock`;
  const address = addressOf(path.join(folder, name));
  if (!address) return Promise.resolve(undefined);
  const server = createServer((socket) => socket.destroy());
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(address, () => resolve({ name, close }));
    server.unref();
  });
}

/** `refused`: the file stands there and nobody listens, so its process is dead. `unknown`: no file, or none to reach. */
export function knock(file: string): Promise<'open' | 'refused' | 'unknown'> {
  const address = addressOf(file);
  if (!address) return Promise.resolve('unknown');
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve('open');
    });
    socket.once('error', (error) => {
      if (isErrno(error, 'ECONNREFUSED')) resolve('refused');
      else resolve(isErrno(error, 'ENOENT') ? 'unknown' : 'open');
    });
  });
}

/** By its code alone: what Node throws is no instance of the `Error` that Jest gives to a test. */
export const isErrno = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;

function addressOf(file: string): string | undefined {
  return [file, path.relative(process.cwd(), file)].find((it) => Buffer.byteLength(it) <= LONGEST_NAME);
}
