/** Pictures as files of a workspace (scope files:write), for a message to show. */
import { createHash } from 'node:crypto';
import type { Picture, Reply } from '../views/view.ts';
import { BAD_BLOCKS, isOf } from './bad-blocks.ts';
import type { Door } from './door.ts';
import { failure } from './log.ts';
import { toPng } from './picture.ts';
import type { MessagePlace } from './ref.ts';
import { isSlacks } from './respond.ts';
import { wasNotSent } from './rooms.ts';

type Parts = Pick<Door, 'patient' | 'turns' | 'log'>;

/** The file, and the hash of what is drawn there. */
export type Kept = NonNullable<MessagePlace['picture']>;

const HOSTS = ['files.slack.com', 'files.slack-gov.com'];

/** ms. Slack looks at what was uploaded first, and refuses the blocks until then (java-slack-sdk#1349). */
const MOMENTS = [500, 1500, 3000];

/**
 * Sends it with its picture, or where there is none to be had, without: its numbers stand as text then.
 * @param kept what stands there; stays while the picture is the same.
 * @param send throws for blocks that Slack refuses, with a picture among them: it is asked again, or without.
 * @returns what `send` gave last, and the file to be kept with it.
 */
export async function withPicture<Sent>(
  parts: Parts,
  reply: Reply,
  send: (file?: string) => Promise<Sent>,
  kept?: Kept,
): Promise<{ sent: Sent; picture?: Kept }> {
  const picture = reply.kind === 'list' && reply.picture?.bars.length ? reply.picture : undefined;
  const isSame = picture !== undefined && kept?.of === hashOf(picture);
  const file = isSame ? kept : picture && (await upload(parts, picture));
  try {
    return await sendWith(parts, send, { kept, isSame, file });
  } catch (error) {
    // No message shows it, and the next try brings its own.
    if (file && !isSame && wasNotSent(error)) await remove(parts, file);
    throw error;
  }
}

async function sendWith<Sent>(
  parts: Parts,
  send: (file?: string) => Promise<Sent>,
  { kept, isSame, file }: { kept: Kept | undefined; isSame: boolean; file: Kept | undefined },
): Promise<{ sent: Sent; picture?: Kept }> {
  for (const ms of isSame ? [0] : file ? MOMENTS : []) {
    if (ms > 0) await parts.turns.sleep(ms);
    try {
      const sent = await send(file?.file);
      if (kept && !isSame) await remove(parts, kept);
      return { sent, ...(file ? { picture: file } : {}) };
    } catch (error) {
      if (!isOf(error, BAD_BLOCKS)) throw error;
    }
  }
  const sent = await send();
  if (kept) await remove(parts, kept);
  // One that is only late stands there with the next change; one that stood there and is refused by now is made anew.
  return { sent, ...(file && !isSame ? { picture: file } : {}) };
}

const hashOf = (picture: Picture): string =>
  createHash('sha256').update(JSON.stringify(picture)).digest('base64url');

/** It is the app's own until a message shows it. Undefined where it did not work: never a reason to say nothing. */
async function upload({ patient: web, log }: Parts, picture: Picture): Promise<Kept | undefined> {
  try {
    const bytes = await toPng(picture);
    const { upload_url: url = '', file_id: file } = await web.files.getUploadURLExternal({
      filename: 'pipeline.png',
      length: bytes.length,
    });
    if (!file || !isSlacks(url, HOSTS, web.slackApiUrl)) throw new Error('not an address of Slack');
    const { ok, status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
    if (!ok) throw new Error(`the upload was answered ${status}`);
    await web.files.completeUploadExternal({ files: [{ id: file, title: 'Pipeline' }] });
    return { file, of: hashOf(picture) };
  } catch (error) {
    log.info({ failure: failure(error) }, 'slack: a picture was not uploaded; its numbers stand as text');
    return undefined;
  }
}

/** Numbers of yesterday need not lie about. */
async function remove({ patient: web, log }: Parts, { file }: Kept): Promise<void> {
  try {
    await web.files.delete({ file });
  } catch (error) {
    log.info({ failure: failure(error) }, 'slack: a picture that is shown no more was not removed');
  }
}
