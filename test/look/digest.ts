/** The digest of somebody others report to, of a morning in practice mode, and the same after some of it was seen to. */
import { invitedOf } from '../../src/bot/unanswered.ts';
import { toPng } from '../../src/slack/picture.ts';
import { toMessage } from '../../src/slack/render.ts';
import { digestsFor } from '../../src/store/digest-lines.ts';
import { digestReaders } from '../../src/store/digest-readers.ts';
import { standingOf } from '../../src/store/digest-standing.ts';
import { clockList } from '../../src/views/clock.ts';
import { digestList, keptLines } from '../../src/views/digest.ts';
import { tickedDigest } from '../../src/views/digest-ticked.ts';
import type { List } from '../../src/views/view.ts';
import { LEAD, TEAM, type TestHouse } from '../support/house.ts';
import type { Shot } from './draw.ts';

export interface Morning {
  fresh: List;
  ticked: List;
  /** The acceptance clock's word on several at once, of which one is answered since. */
  calls: List;
}

/** The alliance lead's, to whom two sellers report. */
export async function morningOf(house: TestHouse): Promise<Morning> {
  const { store } = house;
  const lead = await store.prisma.person.findUniqueOrThrow({ where: { email: LEAD } });
  await store.prisma.person.updateMany({
    where: { email: { in: TEAM.users.slice(0, 2) } },
    data: { reportsTo: lead.id },
  });
  const now = new Date();
  const startedAt = new Date(now.getTime() - 60 * 86_400_000);
  await store.prisma.subscription.create({ data: { personId: lead.id, nextAt: now, startedAt } });
  const [reader] = await digestReaders(store, [lead.id], now);
  const found = reader && (await digestsFor(store, [reader], now)).get(lead.id);
  const fresh = found && digestList(found, { actor: reader.person, now });
  if (!fresh) throw new Error('There is nothing in the digest.');
  await house.act('accept', { id: await house.idOf('Tamarind Airways') }, { as: TEAM.team });
  const step = { id: await house.idOf('Northgate Tram Works'), text: 'Offer for the depots on Monday.' };
  await house.act('next-step', step, { as: TEAM.users[0] ?? '' });
  const [, stale = ''] = fresh.buttons?.find(({ verb }) => verb === 'nudge')?.input.deals?.split(',') ?? [];
  await house.act('nudge', { id: stale }, { as: TEAM.manager });
  await house.quiet();
  const at = new Date();
  const standing = await standingOf(store, reader, keptLines(found), at, now);
  const to = { actor: reader.person, now: at };
  const called = await Promise.all(
    ['Tamarind Airways', 'Pinecrest Outfitters', 'Evergrove Timber'].map(house.idOf),
  );
  const invited = await invitedOf(store, called, reader.person, at);
  return {
    fresh,
    ticked: tickedDigest(keptLines(found), standing, to),
    calls: clockList(invited, true, to),
  };
}

/** With its picture; and where no file may be uploaded. */
export async function digestShots({ fresh, ticked, calls }: Morning): Promise<Record<string, Shot[]>> {
  return {
    digest: [await shotOf(fresh, 'F00000001')],
    'digest-ticked': [await shotOf(ticked, 'F00000001')],
    'digest-text': [await shotOf(fresh)],
    calls: [await shotOf(calls)],
  };
}

async function shotOf(list: List, file?: string): Promise<Shot> {
  const { text, blocks } = toMessage(list, 'lookatthis', { file });
  const png = list.picture && file ? Buffer.from(await toPng(list.picture)).toString('base64') : '';
  return { as: 'message', shown: { text, blocks }, ...(file ? { files: { [file]: png } } : {}) };
}
