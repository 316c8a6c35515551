/** Changing a lead: its status and what happened, under a lock of microseconds, once. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { leadContext } from '../../src/partner-central/mapping.ts';
import { at, contextBody, listAt, parseRaw, valueAt } from '../../src/partner-central/raw.ts';
import type { Interaction, Wish } from '../../src/pipeline/change.ts';
import type { LeadStatus } from '../../src/pipeline/lead.ts';
import { Refusal, toErrorResponse } from '../../src/practice/wire.ts';
import { databases } from '../support/databases.ts';
import { gate, type Office, openOffice, PRIYA, TOM } from './office.ts';

describe.each(databases)('a lead’s update, on $name', (database) => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(database);
  });
  afterAll(() => office?.stop());
  afterEach(() => office.between(undefined));

  const happened = (customerAction: string): Interaction => ({
    customerAction,
    at: new Date().toISOString(),
  });
  const wanting = (status: LeadStatus | undefined, interaction?: Interaction, base = 'Open'): Wish => ({
    kind: 'update-lead',
    base: { status: base },
    set: status ? { status } : {},
    ...(interaction ? { interaction } : {}),
  });
  const updates = async (id: string) =>
    (await office.applied(id)).filter(({ kind }) => kind === 'update-lead').map(({ value }) => value);
  const engagement = async (id: string) => (await office.aws.getEngagement(id)).json;
  const interactions = async (id: string) =>
    listAt(leadContext(await engagement(id)), ['Payload', 'Lead', 'Interactions']);
  const bodies = (id: string) =>
    office.seen
      .filter(({ operation, text }) => operation === 'UpdateEngagementContext' && text.includes(id))
      .map(({ text }) => parseRaw(text));
  /** The partner's other software. */
  const otherTool = async (id: string) => {
    const json = await engagement(id);
    const body = contextBody(json, 'Sandbox', leadContext(json), {
      interaction: {
        Contact: at((await interactions(id))[0], ['Contact']) ?? {},
        CustomerAction: 'Theirs',
        InteractionDate: '2026-01-02T03:04:05.678Z',
      },
    });
    await office.aws.updateEngagementContext(body);
  };

  test('sets the status and adds what happened; the lock that goes out is the very stamp that came in', async () => {
    const id = await office.accepted();
    const before = await engagement(id);
    const first = await interactions(id);
    const note = happened('Called, wants a demo 😀');
    const [change] = await office.ask(id, wanting('Research', note));
    expect(await office.settled(change)).toMatchObject({
      state: 'confirmed',
      awsRequestId: expect.any(String),
    });
    const [body] = bodies(id);
    const stamp = valueAt(before, ['ModifiedAt']) ?? '';
    expect(stamp).toMatch(/\.\d{6}/);
    expect(valueAt(body, ['EngagementLastModifiedAt'])).toBe(stamp);
    expect(at(body, ['Payload', 'Lead', 'Customer'])).toEqual(
      at(leadContext(before), ['Payload', 'Lead', 'Customer']),
    );
    const after = await interactions(id);
    expect(after).toHaveLength(first.length + 1);
    expect(after.at(-1)).toMatchObject({
      CustomerAction: note.customerAction,
      InteractionDate: note.at,
      Contact: at(first.at(-1), ['Contact']),
    });
    expect(at(after.at(-1), ['SourceName'])).toEqual(at(first.at(-1), ['SourceName']));
    expect((await office.lead(id)).qualification).toBe('Research');
  });

  test('a status alone adds no interaction; an interaction alone leaves the status', async () => {
    const id = await office.accepted();
    const many = (await interactions(id)).length;
    const [status] = await office.ask(id, wanting('Qualified'));
    expect((await office.settled(status)).state).toBe('confirmed');
    expect(await interactions(id)).toHaveLength(many);
    const [note] = await office.ask(id, wanting(undefined, happened('Sent the offer'), 'Qualified'));
    expect((await office.settled(note)).state).toBe('confirmed');
    expect(await interactions(id)).toHaveLength(many + 1);
    expect((await office.lead(id)).qualification).toBe('Qualified');
  });

  test('what holds already is done without a call: AWS’s “Unqualified” is our “Open”', async () => {
    const id = await office.accepted();
    const [change] = await office.ask(id, wanting('Open'));
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(bodies(id)).toEqual([]);
  });

  test('a lost answer is found out: the interaction is there, once', async () => {
    const id = await office.accepted();
    const many = (await interactions(id)).length;
    await office.practice.script.dropNext();
    const [change] = await office.ask(id, wanting('Research', happened('Once')));
    await office.waits(change, 'answer');
    await office.noRest();
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(await updates(id)).toHaveLength(1);
    expect(await interactions(id)).toHaveLength(many + 1);
  });

  test('a lost answer and an old reading after it: the lock keeps it from being added twice', async () => {
    const id = await office.accepted();
    const old = (await office.aws.getEngagement(id)).text;
    await office.practice.script.dropNext();
    const [change] = await office.ask(id, wanting('Research', happened('Once, late')));
    await office.waits(change, 'answer');
    let stale = 1;
    office.between(({ operation }) =>
      operation === 'GetEngagement' && stale-- > 0 ? answered(old) : undefined,
    );
    await office.noRest();
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(bodies(id)).toHaveLength(2);
    expect(await updates(id)).toHaveLength(1);
  });

  test('an old reading back after AWS’s yes is waited out, not sent again', async () => {
    const id = await office.accepted();
    const old = (await office.aws.getEngagement(id)).text;
    let written = 0;
    let stale = 1;
    office.between(({ operation }) => {
      if (operation === 'UpdateEngagementContext') written += 1;
      return operation === 'GetEngagement' && written > 0 && stale-- > 0 ? answered(old) : undefined;
    });
    const [change] = await office.ask(id, wanting('Research', happened('Shows late')));
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(await updates(id)).toHaveLength(1);
    expect(bodies(id)).toHaveLength(1);
  });

  test('a yes of AWS’s that never shows is not waited for without end', async () => {
    const id = await office.accepted();
    office.between(({ operation }) => (operation === 'UpdateEngagementContext' ? answered('{}') : undefined));
    const [change] = await office.ask(id, wanting('Research', happened('Never kept')));
    await office.waits(change, 'answer');
    await office.store.prisma.change.update({
      where: { id: change ?? '' },
      data: { sentAt: new Date(Date.now() - 180_000) },
    });
    await office.noRest();
    expect(await office.settled(change)).toMatchObject({
      state: 'refused',
      answer: expect.stringContaining('AWS answered yes but kept what it had'),
    });
  });

  test('somebody else’s note just before ours: it is read anew, and both are there', async () => {
    const id = await office.accepted();
    const many = (await interactions(id)).length;
    let moved = false;
    office.between(async ({ operation }) => {
      if (operation !== 'UpdateEngagementContext' || moved) return undefined;
      moved = true;
      await otherTool(id);
      return undefined;
    });
    const [change] = await office.ask(id, wanting('Research', happened('Ours')));
    expect((await office.settled(change)).state).toBe('confirmed');
    const said = (await interactions(id)).map((one) => valueAt(one, ['CustomerAction']));
    expect(said.slice(many)).toEqual(['Theirs', 'Ours']);
  });

  test('a record that never stands still makes it wait, and it goes out later', async () => {
    const id = await office.accepted();
    office.between(({ operation }) =>
      operation === 'UpdateEngagementContext'
        ? toErrorResponse(new Refusal('ConflictException', 'Moved.'))
        : undefined,
    );
    const [change] = await office.ask(id, wanting('Research'));
    await office.waits(change, 'unavailable');
    expect(bodies(id)).toHaveLength(3);
    office.between(undefined);
    await office.noRest();
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(await updates(id)).toHaveLength(1);
  });

  test('a status that somebody else set meanwhile stays, and the person gets both', async () => {
    const id = await office.accepted();
    await office.practice.script.qualify(id, 'Disqualified');
    const [change] = await office.ask(id, wanting('Qualified', happened('Never noted')));
    expect(await office.settled(change)).toMatchObject({
      state: 'conflict',
      found: { status: 'Disqualified' },
      answer: expect.stringContaining('there now “Disqualified”, you wanted “Qualified”'),
    });
    expect(await updates(id)).toEqual([]);
    const [note] = await office.ask(id, wanting(undefined, happened('Noted all the same')));
    expect((await office.settled(note)).state).toBe('confirmed');
  });

  test('one’s own two wishes of one look are no conflict', async () => {
    const id = await office.accepted();
    const asked = gate();
    office.between(async ({ operation }) => {
      if (operation === 'UpdateEngagementContext') await asked.opened;
      return undefined;
    });
    const [first] = await office.ask(id, wanting('Research'));
    const [second] = await office.ask(id, wanting('Qualified'));
    asked.open();
    expect((await office.settled(first)).state).toBe('confirmed');
    expect((await office.settled(second)).state).toBe('confirmed');
  });

  test('without a contact on the lead nothing is sent, and the person hears why', async () => {
    const id = await office.accepted();
    const { text } = await office.aws.getEngagement(id);
    const bare = text.replace(/"Email":"[^"]*"/g, '"Email":""');
    office.between(({ operation }) => (operation === 'GetEngagement' ? answered(bare) : undefined));
    const [change] = await office.ask(id, wanting('Research', happened('Whom with?')));
    expect(await office.settled(change)).toMatchObject({
      state: 'refused',
      answer: expect.stringContaining('this lead has none with name, e-mail and title'),
    });
    expect(bodies(id)).toEqual([]);
    const [status] = await office.ask(id, wanting('Research'));
    office.between(undefined);
    expect((await office.settled(status)).state).toBe('confirmed');
  });

  test('as many notes as AWS keeps is said in words', async () => {
    const id = await office.accepted();
    for (let nth = (await interactions(id)).length; nth < 10; nth++) await otherTool(id);
    const [change] = await office.ask(id, wanting(undefined, happened('One too many')));
    expect(await office.settled(change)).toMatchObject({
      state: 'refused',
      answer: expect.stringContaining('no further note of what happened'),
    });
    expect(await interactions(id)).toHaveLength(10);
  });

  test('a seller’s goes out only while the lead is theirs', async () => {
    const id = await office.accepted();
    await office.store.prisma.deal.update({ where: { id }, data: { ownerEmail: PRIYA } });
    const [not] = await office.ask(id, wanting('Research'), TOM);
    expect((await office.settled(not)).answer).toContain('no longer yours');
    expect(bodies(id)).toEqual([]);
    const [change] = await office.ask(id, wanting('Research'), PRIYA);
    expect((await office.settled(change)).state).toBe('confirmed');
  });
});

const answered = (text: string) => ({
  statusCode: 200,
  headers: {},
  body: new TextEncoder().encode(text),
});
