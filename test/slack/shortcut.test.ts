/** Shortcuts: each opens a view at once, and what it asks is a verb of the house. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { length } from '../../src/pipeline/text.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { send, shortcutBody } from '../support/slack-requests.ts';
import { buttonsOf, fieldsOf, screenOf } from '../support/slack-screen.ts';
import type { Message, View } from '../support/slack-workspace.ts';

describe.each(databases)('shortcuts, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const views = (user: Id) => house.workspace.views.filter((it) => it.user === user);
  /** The view that a shortcut opened, once it says more than “One moment…”. */
  async function opened(user: Id, callback: string, on?: Message): Promise<View> {
    const before = views(user).length;
    expect((await house.shortcut(user, callback, on)).status).toBe(200);
    const view = () => views(user)[before];
    await until(
      'a view',
      () => view() !== undefined && !screenOf(view()?.content ?? {}).includes('One moment'),
    );
    return view() as View;
  }
  const message = (text: string, more: Partial<Message> = {}): Message => ({
    ...{ channel: 'C5', ts: '1700000100.000001', text, blocks: [] },
    ...more,
  });
  const standsIn = (view: View, id: string) =>
    fieldsOf(view.content.blocks).find((it) => it.id === id)?.value;
  const optionsOf = (view: View, id: string): string[] => {
    const blocks = view.content.blocks as {
      block_id?: string;
      element?: { options?: { value: string }[] };
    }[];
    return (blocks.find((it) => it.block_id === id)?.element?.options ?? []).map(({ value }) => value);
  };
  const wishes = async (dealId: string) =>
    (await house.store.prisma.change.findMany({ where: { dealId } })).map(({ wish }) => JSON.stringify(wish));
  async function working(nth: number): Promise<{ id: string; company: string }> {
    const [row] = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null },
      orderBy: { id: 'asc' },
      skip: nth,
      take: 1,
    });
    if (!row) throw new Error('practice mode has more');
    return row;
  }

  test('“Find a deal” asks for words in a view, and shows there what fits', async () => {
    const view = await opened('ANA', 'find_deal');
    await house.submit(view, { words: 'tamarind' });
    await until('the deal', () => screenOf(view.content).includes('Tamarind Airways'));
    expect(view.isOpen).toBe(true);
  });

  test('“My desk” shows the desk of whoever asks', async () => {
    const ana = await opened('ANA', 'my_desk');
    expect(screenOf(ana.content)).toContain('Tamarind Airways');
    const priya = await opened('PRIYA', 'my_desk');
    expect(screenOf(priya.content)).toContain('Your desk');
    expect(screenOf(priya.content)).not.toContain('Tamarind Airways');
  });

  test('“Add as next step” in a deal’s thread knows the deal; the text goes out as it was read', async () => {
    const { id, company } = await working(0);
    await house.tell('ANA', `show ${id}`);
    const card = await house.shows('ANA', id);
    const said = 'PoC w/ <@U7|tom> &amp; MAP v2 &lt;ASAP&gt;, s. <https://x.example/a|the plan>';
    const view = await opened('ANA', 'add_next_step', message(said, { channel: 'DANA', thread: card.ts }));
    expect(standsIn(view, 'deal')).toBe(id);
    expect(screenOf(view.content)).toContain(`${company} – `);
    const [first] = optionsOf(view, 'deal');
    expect(first).toBe(id);
    expect(standsIn(view, 'text')).toBe('PoC w/ @tom & MAP v2 <ASAP>, s. the plan');
    expect(await wishes(id)).toEqual([]);
    await house.submit(view, {});
    await until('the wish', async () => (await wishes(id)).length > 0);
    expect((await wishes(id)).join()).toContain('PoC w/ @tom & MAP v2 <ASAP>, s. the plan');
    await until('the answer', () => fieldsOf(view.content.blocks).length === 0);
    expect(screenOf(view.content)).toContain('Sending the next step to AWS');
  });

  test('a message that is too long is cut to 255 before the person’s eyes, and the form says so', async () => {
    const long = await opened('ANA', 'add_next_step', message('🙂 MEDDPICC '.repeat(60)));
    const text = standsIn(long, 'text') ?? '';
    expect(length(text)).toBeLessThanOrEqual(255);
    expect(text.startsWith('🙂 MEDDPICC 🙂 MEDDPICC')).toBe(true);
    expect(JSON.stringify(long.content)).toContain('cut to 255 characters');
    const short = await opened('ANA', 'add_next_step', message('Call them'));
    expect(JSON.stringify(short.content)).not.toContain('cut to');
  });

  test('elsewhere the deal is chosen from those they see; one that is not there keeps all that was typed', async () => {
    const { id } = await working(1);
    const view = await opened('ANA', 'add_next_step', message('Workshop with their data team'));
    expect(standsIn(view, 'deal')).toBe('');
    expect(optionsOf(view, 'deal')).toContain(id);
    await house.submit(view, { deal: 'No Such Company' });
    await until(
      'the error',
      () => view.errors.deal !== undefined || JSON.stringify(view.content).includes('I know no deal'),
    );
    expect(view.isOpen).toBe(true);
    expect(JSON.stringify([view.errors, view.content])).toContain('I know no deal “No Such Company”');
    await house.submit(view, { deal: id, text: 'Workshop with their data team' });
    await until('the wish', async () =>
      (await wishes(id)).some((it) => it.includes('Workshop with their data team')),
    );
  });

  test('of several deals one is chosen, and the text comes along', async () => {
    const view = await opened('ANA', 'add_next_step', message('Agree on the success criteria'));
    await house.submit(view, { deal: 'o' });
    const answer = () => `${JSON.stringify(view.errors)} ${screenOf(view.content)}`;
    await until('an answer', () => /Did you mean|Which|I know no deal/.test(answer()));
    const lighthouse = await opened('ANA', 'add_next_step', message('Agree on the success criteria'));
    await house.submit(lighthouse, { deal: 'Lighthouse' });
    await until('the choice', () =>
      buttonsOf(lighthouse.content.blocks).some(({ label }) => label.startsWith('This one')),
    );
    for (const { value } of buttonsOf(lighthouse.content.blocks))
      expect(value).toContain('Agree on the success criteria');
  });

  test('whoever may not see the deal is not told that it is there: neither by the thread nor by its name', async () => {
    const id = await house.idOf('Tamarind Airways');
    await house.tell('ANA', `show ${id}`);
    const card = await house.shows('ANA', 'Tamarind');
    const there = message('x', { channel: 'DANA', thread: card.ts });
    const view = await opened('LUCIA', 'add_next_step', there);
    expect(standsIn(view, 'deal')).toBe('');
    expect(optionsOf(view, 'deal')).not.toContain(id);
    expect(optionsOf(view, 'deal').length).toBeGreaterThan(3);
    expect(screenOf(view.content)).not.toContain('Tamarind');
    const said: string[] = [];
    for (const deal of [id, 'engi-0000000000000']) {
      const form = await opened('LUCIA', 'add_next_step', message('x'));
      await house.submit(form, { deal });
      await until('the error', () => form.errors.deal !== undefined);
      said.push((form.errors.deal ?? '').replace(deal, 'X'));
    }
    expect(said[0]).toBe(said[1]);
    expect(await wishes(id)).toEqual([]);
  });

  test('what is not ours to know, and people of another workspace, are told so; nothing is done', async () => {
    const unknown = await opened('ANA', 'no_such_shortcut');
    expect(screenOf(unknown.content)).toContain('I do not know this shortcut');
    const before = views('ANA').length;
    const body = shortcutBody(house.target, 'ANA', 'my_desk', undefined, {
      user: { id: 'ANA', team_id: 'T9' },
    });
    await send(house.target, { body });
    await until('the refusal', () =>
      screenOf(views('ANA')[before]?.content ?? {}).includes('you belong to another'),
    );
  });

  test('an answer comes as a message where Slack opens nothing any more', async () => {
    house.workspace.fail('views.open', { error: 'expired_trigger_id' });
    await house.shortcut('JONAS', 'my_desk');
    await house.shows('JONAS', 'Your desk');
  });
});
