/** What Slack answers to blocks it does not take. Nothing was posted then. */
import { webApi } from '@slack/bolt';
import type { Message } from './render.ts';

export const BAD_BLOCKS = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];

export const isOf = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof webApi.WebAPIPlatformError && codes.includes(error.data.error);

/** Where Slack refuses the blocks the words still go out; one with a picture is for whoever drew it to send without. */
export async function orPlain<Sent>(
  message: Message,
  send: (message: Message) => Promise<Sent>,
): Promise<Sent> {
  try {
    return await send(message);
  } catch (error) {
    const { blocks } = message;
    const hasPicture = blocks.some(({ type }) => type === 'image');
    if (!isOf(error, BAD_BLOCKS) || hasPicture || blocks.length === 0) throw error;
    return send({ ...message, blocks: [] });
  }
}
