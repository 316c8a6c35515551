import { afterEach, describe, expect, test } from '@jest/globals';
import { GoneForGood, MaybePosted, type Ref } from '../../src/bot/intent.ts';
import { type List, note, problem } from '../../src/views/view.ts';
import { readPng } from '../support/png.ts';
import { openScene, type Scene } from '../support/slack-door.ts';
import { isJson, partsOf, screenOf } from '../support/slack-screen.ts';

const open: Scene[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});
const scene = async (): Promise<Scene> => {
  const it = await openScene(() => note('x'));
  open.push(it);
  return it;
};

const ana = { tenant: 'T1', user: 'ANA' };
const bars = (prospects: number) => [
  { label: 'Prospect', value: prospects, note: `${prospects} · USD 4,000 / month to AWS` },
  { label: 'Qualified', value: 1, note: '1' },
];
const digest = (prospects = 3, title = 'Your digest'): List => ({
  ...{ kind: 'list', title, empty: 'Nothing.' },
  sections: [{ title: 'Stale', items: [{ id: 'O1', title: 'Acme', detail: 'no update' }], total: 1 }],
  picture: { title: 'Open pipeline', bars: bars(prospects), alt: `Prospect ${prospects}; Qualified 1.` },
});

/** What stands in the newest message: the id of its picture, and what can be read. */
function newest(it: Scene): { file: unknown; alt: unknown; screen: string } {
  const message = it.workspace.messages.at(-1);
  const image = partsOf(message?.blocks).find(({ type }) => type === 'image');
  const file = isJson(image?.slack_file) ? image.slack_file.id : undefined;
  return { file, alt: image?.alt_text, screen: message ? screenOf(message) : '' };
}
const called = (it: Scene, method: string) =>
  it.workspace.calls.filter((call) => call.method === method).length;
const asText = 'USD 4,000 / month to AWS';
const tell = (it: Scene, reply: List = digest()) => it.door.messenger.tell(ana, reply, 'once');

describe('a picture', () => {
  test('is uploaded first, then shown in the one message, with its numbers in words for whoever cannot see it', async () => {
    const it = await scene();
    const ref = await tell(it);
    const { file, alt, screen } = newest(it);
    expect(alt).toBe('Prospect 3; Qualified 1.');
    expect(screen).not.toContain(asText);
    expect(it.workspace.messages).toHaveLength(1);
    expect(readPng(it.workspace.files.get(String(file))?.bytes ?? Buffer.of()).width).toBe(700);
    const order = it.workspace.calls
      .map(({ method }) => method)
      .filter((method) => /^files|^upload|^chat/.test(method));
    expect(order).toEqual([
      'files.getUploadURLExternal',
      'upload',
      'files.completeUploadExternal',
      'chat.postMessage',
    ]);
    expect(ref).toMatchObject({ kind: 'message', picture: { file } });
    expect(it.workspace.refused).toEqual([]);
  });

  test('is not uploaded for what has none', async () => {
    const it = await scene();
    const { picture: _, ...plain } = digest();
    expect(await tell(it, plain)).not.toHaveProperty('picture');
    expect(await tell(it, { ...digest(), picture: { title: 'x', bars: [], alt: 'x' } })).not.toHaveProperty(
      'picture',
    );
    expect(called(it, 'files.getUploadURLExternal')).toBe(0);
  });

  test.each([
    ['the scope was not granted', (it: Scene) => it.workspace.scopes.push('chat:write', 'im:write')],
    [
      'Slack gives no address for it',
      (it: Scene) => it.workspace.fail('files.getUploadURLExternal', { error: 'fatal_error' }),
    ],
    ['the upload fails', (it: Scene) => it.workspace.fail('upload', { status: 500 })],
    [
      'it cannot be completed',
      (it: Scene) => it.workspace.fail('files.completeUploadExternal', { error: 'file_not_found' }),
    ],
    [
      'its address is not one of Slack',
      (it: Scene) =>
        it.workspace.answers.set('files.getUploadURLExternal', () => ({
          ...{ ok: true, file_id: 'F00000001', upload_url: 'https://evil.example/upload' },
        })),
    ],
  ])('is left out where %s: its numbers stand as text, and the message is sent once', async (_, fail) => {
    const it = await scene();
    fail(it);
    const ref = await tell(it);
    expect(newest(it)).toMatchObject({ file: undefined, screen: expect.stringContaining(asText) });
    expect(newest(it).screen).toContain('Acme');
    expect(called(it, 'chat.postMessage')).toBe(1);
    expect(ref).not.toHaveProperty('picture');
    expect(it.log.join()).not.toContain(asText);
  });

  test('that Slack still looks at is asked for again a little later', async () => {
    const it = await scene();
    it.workspace.fail('chat.postMessage', { error: 'invalid_blocks', times: 2 });
    const ref = await tell(it);
    expect(newest(it).file).toBeDefined();
    expect(ref).toMatchObject({ picture: { file: newest(it).file } });
    expect(it.workspace.messages).toHaveLength(1);
  });

  test('that Slack does not show in time is left out, and stands there with the next change', async () => {
    const it = await scene();
    it.workspace.fail('chat.postMessage', { error: 'invalid_blocks', times: 3 });
    const ref = await tell(it);
    expect(newest(it)).toMatchObject({ file: undefined, screen: expect.stringContaining(asText) });
    await it.door.messenger.redraw(ref, digest(3, 'Your digest: 1 of 1 done'));
    expect(newest(it).file).toMatch(/^F/);
    expect(called(it, 'upload')).toBe(1);
  });

  test('leaves no doubt where there was none: only a lost answer to the message itself may have posted it', async () => {
    const it = await scene();
    it.workspace.fail('chat.postMessage', { lost: true });
    await expect(tell(it)).rejects.toThrow(MaybePosted);
    expect(it.workspace.messages).toHaveLength(1);
    it.workspace.fail('chat.postMessage', { error: 'channel_not_found' });
    await expect(tell(it)).rejects.toThrow(GoneForGood);
    expect(it.workspace.messages).toHaveLength(1);
  });
});

describe('what was uploaded for a message that is not sent', () => {
  test('is removed where it is sure that nothing stands there, and stays where it may', async () => {
    const it = await scene();
    it.workspace.fail('chat.postMessage', { error: 'channel_not_found' });
    await expect(tell(it)).rejects.toThrow(GoneForGood);
    expect([called(it, 'upload'), it.workspace.files.size]).toEqual([1, 0]);
    it.workspace.fail('chat.postMessage', { lost: true });
    await expect(tell(it)).rejects.toThrow(MaybePosted);
    expect(it.workspace.files.has(String(newest(it).file))).toBe(true);
    expect(it.workspace.files.size).toBe(1);
  });

  test('is removed as well where it was refused as blocks first; what stood there before stays', async () => {
    const it = await scene();
    const ref = await tell(it);
    const { file } = newest(it);
    it.workspace.answers.set('chat.update', () => ({
      ...{ ok: false, error: called(it, 'chat.update') <= 3 ? 'invalid_blocks' : 'message_not_found' },
    }));
    await expect(it.door.messenger.redraw(ref, digest(4))).rejects.toThrow(GoneForGood);
    expect(called(it, 'upload')).toBe(2);
    expect([...it.workspace.files.keys()]).toEqual([file]);
  });
});

describe('a redraw', () => {
  test('keeps the picture that stands there, and uploads nothing', async () => {
    const it = await scene();
    const ref = await tell(it);
    const { file } = newest(it);
    const next = await it.door.messenger.redraw(ref, digest(3, 'Your digest: 1 of 1 done'));
    expect(next).toEqual(ref);
    expect(newest(it)).toMatchObject({ file, screen: expect.stringContaining('1 of 1 done') });
    expect([called(it, 'upload'), called(it, 'files.delete')]).toEqual([1, 0]);
  });

  test('draws anew what changed, and removes what is out of date', async () => {
    const it = await scene();
    const ref = await tell(it);
    const { file: before } = newest(it);
    const next = await it.door.messenger.redraw(ref, digest(4));
    const { file, alt } = newest(it);
    expect([file === before, alt]).toEqual([false, 'Prospect 4; Qualified 1.']);
    expect(next).toMatchObject({ picture: { file } });
    expect([...it.workspace.files.keys()]).toEqual([file]);
  });

  test('of what its reader may not see any more removes it', async () => {
    const it = await scene();
    const ref = await tell(it);
    const next = await it.door.messenger.redraw(ref, problem('No longer yours.'));
    expect(newest(it)).toMatchObject({
      file: undefined,
      screen: expect.stringContaining('No longer yours.'),
    });
    expect(next).not.toHaveProperty('picture');
    expect(it.workspace.files.size).toBe(0);
  });

  test('finds one that somebody removed gone: numbers as text, and a new one with the next change', async () => {
    const it = await scene();
    let ref: Ref = await tell(it);
    it.workspace.files.clear();
    ref = await it.door.messenger.redraw(ref, digest(3, 'Another title'));
    expect(newest(it)).toMatchObject({ file: undefined, screen: expect.stringContaining(asText) });
    ref = await it.door.messenger.redraw(ref, digest());
    expect(ref).toMatchObject({ picture: { file: newest(it).file } });
  });

  test('goes on where the old one cannot be removed', async () => {
    const it = await scene();
    const ref = await tell(it);
    it.workspace.fail('files.delete', { error: 'cant_delete_file' });
    await it.door.messenger.redraw(ref, digest(5));
    expect(newest(it).alt).toBe('Prospect 5; Qualified 1.');
  });
});
