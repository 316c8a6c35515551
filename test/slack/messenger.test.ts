import { afterEach, describe, expect, test } from '@jest/globals';
import { GoneForGood, MaybePosted, type Ref } from '../../src/bot/intent.ts';
import { note } from '../../src/views/view.ts';
import { card, eventually, openScene, type Scene } from '../support/slack-door.ts';
import { screenOf } from '../support/slack-screen.ts';
import type { Message } from '../support/slack-workspace.ts';

const open: Scene[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

const working = card({ progress: 'working', status: 'Accepting…' });
const accepted = card({ progress: 'done', status: 'Accepted (Ana Silva)' });
const ana = { tenant: 'T1', user: 'ANA' };

let minutes = 0;
const scene = async (): Promise<Scene> => {
  minutes = 0;
  const clock = () => minutes * 60_000;
  const it = await openScene(() => note('x'), { now: () => new Date(clock()), workspace: { now: clock } });
  open.push(it);
  return it;
};

/** A private message with "Accepting…" on it, as a pressed button leaves it. */
function waiting(it: Scene, more: object = {}): { ref: Ref; message: Message } {
  const message = it.workspace.post({ channel: 'C1', onlyFor: 'ANA', text: 'Accepting…', blocks: [] });
  const url = it.workspace.responseUrl('ANA', 'C1', message);
  const ref = {
    kind: 'response',
    team: 'T1',
    url,
    until: 30 * 60_000,
    left: 5,
    inPlace: true,
    user: 'ANA',
    shown: 'working',
    ...more,
  };
  return { ref, message };
}

describe('the messenger', () => {
  test('tells one person in private, and redraws that message as often as needed', async () => {
    const it = await scene();
    const ref = await it.door.messenger.tell(ana, working);
    expect(ref).toMatchObject({ kind: 'message', channel: 'DANA' });
    for (let time = 0; time < 7; time++) expect(await it.door.messenger.redraw(ref, accepted)).toEqual(ref);
    expect(it.workspace.messages).toHaveLength(1);
    expect(it.workspace.seenBy('ANA', 'DANA')[0]).toContain('Accepted (Ana Silva)');
    const posted = it.workspace.calls.find((call) => call.method === 'chat.postMessage');
    expect(posted?.body).toMatchObject({
      link_names: 'false',
      unfurl_links: 'false',
      unfurl_media: 'false',
      mrkdwn: 'false',
    });
  });

  test('redraws a private answer in its place, and counts the uses', async () => {
    const it = await scene();
    const { ref, message } = waiting(it);
    const next = await it.door.messenger.redraw(ref, accepted);
    expect(screenOf(message)).toContain('Accepted (Ana Silva)');
    expect(next).toMatchObject({ left: 4, shown: 'done' });
  });

  test('keeps the last use for the last word', async () => {
    const it = await scene();
    const { ref, message } = waiting(it, { left: 1 });
    expect(await it.door.messenger.redraw(ref, working)).toEqual(ref);
    expect(await it.door.messenger.redraw(ref, accepted)).toMatchObject({ left: 0 });
    expect(screenOf(message)).toContain('Accepted');
  });

  test.each([
    ['used up', { left: 0 }, 0],
    ['too old', {}, 31],
    ['lost to Slack', { until: 90 * 60_000 }, 31],
    ['not an address of Slack', { url: 'https://evil.example/x' }, 0],
    ['an address that only looks like Slack’s', { url: 'https://hooks.slack.com.evil.example/x' }, 0],
    ['an address inside our network', { url: 'http://169.254.169.254/latest' }, 0],
  ])(
    'whoever waits for an answer whose way is %s gets the last word as a message',
    async (_, more, later) => {
      const it = await scene();
      const { ref } = waiting(it, more);
      minutes = later;
      expect(await it.door.messenger.redraw(ref, working)).toEqual(ref);
      expect(it.workspace.seenBy('ANA', 'DANA')).toEqual([]);
      const moved = await it.door.messenger.redraw(ref, accepted);
      expect(moved).toMatchObject({ kind: 'message', channel: 'DANA' });
      expect(it.workspace.seenBy('ANA', 'DANA')[0]).toContain('Accepted (Ana Silva)');
      expect(await it.door.messenger.redraw(moved, accepted)).toEqual(moved);
    },
  );

  test('disturbs nobody who does not wait: an old copy is given up', async () => {
    const it = await scene();
    const { ref } = waiting(it, { shown: 'idle', left: 0 });
    await expect(it.door.messenger.redraw(ref, accepted)).rejects.toThrow(GoneForGood);
    expect(it.workspace.seenBy('ANA', 'DANA')).toEqual([]);
  });

  test('an answer to typed words is followed by the last word once, and by nothing else', async () => {
    const it = await scene();
    const url = it.workspace.responseUrl('ANA', 'C1');
    const ref = {
      kind: 'response',
      team: 'T1',
      url,
      until: 30 * 60_000,
      left: 5,
      inPlace: false,
      user: 'ANA',
      shown: 'working',
    };
    expect(await it.door.messenger.redraw(ref, working)).toEqual(ref);
    expect(it.workspace.messages).toEqual([]);
    const next = await it.door.messenger.redraw(ref, accepted);
    expect(it.workspace.seenBy('ANA', 'C1')).toHaveLength(1);
    await expect(it.door.messenger.redraw(next, accepted)).rejects.toThrow(GoneForGood);
    expect(it.workspace.messages).toHaveLength(1);
  });

  test.each(['message_not_found', 'channel_not_found', 'cant_update_message', 'is_archived'])(
    '%s is for good',
    async (error) => {
      const it = await scene();
      const ref = await it.door.messenger.tell(ana, working);
      it.workspace.fail('chat.update', { error });
      await expect(it.door.messenger.redraw(ref, accepted)).rejects.toThrow(GoneForGood);
    },
  );

  test.each(['cannot_find_message', 'cannot_unfurl_url'])('of a link %s is for good', async (error) => {
    const it = await scene();
    it.workspace.fail('chat.unfurl', { error });
    const ref = { kind: 'unfurl', team: 'T1', channel: 'C1', ts: '1.1', url: 'https://ace.example/o/O1' };
    await expect(it.door.messenger.redraw(ref, accepted)).rejects.toThrow(GoneForGood);
    expect(await it.door.messenger.redraw(ref, accepted)).toEqual(ref);
  });

  test('the conversation with a person is asked for once an hour, whoever tells', async () => {
    const it = await scene();
    const asked = () => it.workspace.calls.filter(({ method }) => method === 'conversations.open').length;
    for (let time = 0; time < 3; time++) await it.door.messenger.tell(ana, working);
    await it.mention('ANA', 'C1', 'list');
    await eventually('an answer', () => it.workspace.seenBy('ANA', 'DANA').length === 4);
    expect(asked()).toBe(1);
    await it.door.messenger.tell({ ...ana, user: 'BEN' }, working);
    expect(asked()).toBe(2);
    minutes = 61;
    await it.door.messenger.tell(ana, working);
    expect(asked()).toBe(3);
  });

  test('who reads along is asked quickly where a person waits, else at Slack’s pace', async () => {
    const it = await scene();
    const slow = () => it.workspace.fail('conversations.info', { status: 429, retryAfter: 1 });
    const at = { tenant: 'T1', conversation: 'C1' };
    slow();
    await expect(it.door.messenger.room?.(at, 'soon')).rejects.toThrow('rate');
    slow();
    expect(await it.door.messenger.room?.(at)).toMatchObject({ isUnclear: false });
  });

  describe.each(['invalid_auth', 'not_authed', 'token_revoked', 'account_inactive'])(
    'when Slack says %s of the one token of the configuration',
    (error) => {
      test('nothing ends: it is worth another try, and whoever runs us is told once what to do', async () => {
        const it = await scene();
        const ref = await it.door.messenger.tell(ana, working);
        it.workspace.fail('chat.update', { error });
        it.workspace.fail('chat.postMessage', { error });
        it.workspace.fail('users.lookupByEmail', { error });
        for (const attempt of [
          it.door.messenger.redraw(ref, accepted),
          it.door.messenger.tell(ana, accepted),
          it.door.messenger.find('ana@partner.example'),
        ]) {
          await expect(attempt).rejects.toThrow();
          await expect(attempt).rejects.not.toThrow(GoneForGood);
        }
        const said = it.log.filter((line) => line.includes('SLACK_BOT_TOKEN is good no longer'));
        expect(said).toHaveLength(1);
        expect(await it.door.messenger.redraw(ref, accepted)).toEqual(ref);
      });
    },
  );

  test.each(['internal_error', 'fatal_error'])('%s is worth another try later', async (error) => {
    const it = await scene();
    const ref = await it.door.messenger.tell(ana, working);
    it.workspace.fail('chat.update', { error });
    const attempt = it.door.messenger.redraw(ref, accepted);
    await expect(attempt).rejects.toThrow();
    await expect(attempt).rejects.not.toThrow(GoneForGood);
    expect(await it.door.messenger.redraw(ref, accepted)).toEqual(ref);
  });

  test('waits as long as Slack asks, and tries again after a failure', async () => {
    const it = await scene();
    it.workspace.fail('chat.postMessage', { status: 429, retryAfter: 1 });
    it.workspace.fail('chat.postMessage', { status: 503 });
    await it.door.messenger.tell(ana, accepted);
    expect(it.workspace.seenBy('ANA', 'DANA')).toHaveLength(1);
    const { ref, message } = waiting(it);
    it.workspace.fail('response_url', { status: 429, retryAfter: 1 });
    await it.door.messenger.redraw(ref, accepted);
    expect(screenOf(message)).toContain('Accepted');
  });

  test('sends the words alone when Slack refuses the blocks', async () => {
    const it = await scene();
    it.workspace.fail('chat.postMessage', { error: 'invalid_blocks' });
    await it.door.messenger.tell(ana, accepted);
    expect(it.workspace.messages).toMatchObject([
      { blocks: [], text: expect.stringContaining('Accepted (Ana Silva)') },
    ]);
  });

  test('tells nobody of another workspace, and nobody who is gone', async () => {
    const it = await scene();
    await expect(it.door.messenger.tell({ tenant: 'T9', user: 'ANA' }, accepted)).rejects.toThrow(
      GoneForGood,
    );
    await expect(it.door.messenger.tell({ tenant: 'T1', user: 'NOBODY' }, accepted)).rejects.toThrow(
      GoneForGood,
    );
    expect(it.workspace.messages).toEqual([]);
  });
});

describe('a message that is told once', () => {
  test.each(['internal_error', 'fatal_error'])(
    'is not said again where Slack says %s: it may stand there',
    async (error) => {
      const it = await scene();
      it.workspace.fail('chat.postMessage', { error });
      await expect(it.door.messenger.tell(ana, accepted, 'once')).rejects.toThrow(MaybePosted);
      expect(it.workspace.messages).toHaveLength(0);
    },
  );

  test('may be said again where it is sure that nothing stands there; then it stands as any other', async () => {
    const it = await scene();
    it.workspace.fail('chat.postMessage', { error: 'invalid_auth' });
    await expect(it.door.messenger.tell(ana, accepted, 'once')).rejects.not.toThrow(MaybePosted);
    const ref = await it.door.messenger.tell(ana, working, 'once');
    await it.door.messenger.redraw(ref, accepted);
    expect(it.workspace.messages.map((message) => screenOf(message))).toEqual([
      expect.stringContaining('Accepted (Ana Silva)'),
    ]);
  });
});
