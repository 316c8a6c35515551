/** Bolt's App, with an inbox for events and a count of what is under way. */
import { App, type BlockAction, type ReceiverEvent, type ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { underWay } from '../web.ts';
import type { Door, Doors, Log } from './door.ts';
import { onGone } from './doors.ts';
import { onWords } from './event.ts';
import { fromEvent, type Kept } from './heard.ts';
import { onHome } from './home.ts';
import { onAdded, onJoined, onShared } from './joined.ts';
import { failure } from './log.ts';
import { onOptions } from './options.ts';
import { onPress } from './press.ts';
import { isRead } from './shape.ts';
import { onShortcut } from './shortcut.ts';
import { onSlash } from './slash.ts';
import { keptOpen, onSubmit } from './submit.ts';
import { onLinks } from './unfurl.ts';
import { onUserChange } from './user-change.ts';

/** Where events are written down before Slack is told that they arrived. */
export interface Inbox {
  /** 'known' when this key was received before. Throws when the row cannot be written: Slack then sends it again. */
  receive(key: string, body: unknown): Promise<'new' | 'known'>;
  /** It was answered; what never comes here is for `replay` after a restart. */
  handled?(key: string): Promise<void>;
}

/** Bolt acknowledges an event before any listener runs, and a crash then loses it: here it is written down first. */
export class InboxApp extends App {
  private readonly running = underWay();

  constructor(
    private readonly doors: Doors,
    private readonly log: Log,
    private readonly inbox: Inbox,
    options: ConstructorParameters<typeof App>[0],
  ) {
    super(options);
    this.command(/[\s\S]*/, ({ body, ack }) =>
      this.at(body.team_id, body.enterprise_id, ack, (door) => onSlash(door, body, ack)),
    );
    this.action({ type: 'block_actions' }, ({ body, ack }) =>
      this.at(body.team?.id, enterpriseOf(body), ack, (door) => onPress(door, body, ack)),
    );
    this.view<ViewSubmitAction>({ type: 'view_submission' }, ({ body, ack }) =>
      this.at(
        body.team?.id,
        enterpriseOf(body),
        () => ack(keptOpen(body.view)),
        (door) => onSubmit(door, body, ack),
      ),
    );
    this.options(/[\s\S]*/, ({ body, ack }) =>
      this.at(
        body.team?.id,
        enterpriseOf(body),
        () => ack({ options: [] }),
        (door) => onOptions(door, body, ack),
      ),
    );
    this.shortcut(/[\s\S]*/, ({ body, ack }) =>
      this.at(body.team?.id, enterpriseOf(body), ack, (door) => onShortcut(door, body, ack)),
    );
    this.error(async (error) => this.log.error({ failure: failure(error) }, 'slack: a listener failed'));
  }

  override async processEvent(event: ReceiverEvent): Promise<void> {
    const work = event.body.type === 'event_callback' ? this.receive(event) : this.answer(event);
    return this.running.add(work);
  }

  private async answer(event: ReceiverEvent): Promise<void> {
    if (isRead(event.body)) return super.processEvent(event);
    this.log.info({}, 'slack: a payload of no shape we know was acknowledged and left');
    // Slack takes nothing but a list where it asks for options.
    return event.body.type === 'block_suggestion' ? event.ack({ options: [] }) : event.ack();
  }

  /** What is still being answered has until then. */
  finish(ms: number): Promise<void> {
    return this.running.finish(ms);
  }

  /** Where we are not installed nothing is answered: Slack says so itself. */
  private async at(
    team: string | undefined,
    enterprise: string | undefined,
    ack: () => Promise<void>,
    work: (door: Door) => Promise<void>,
  ): Promise<void> {
    const door = await this.doors.of(team, enterprise);
    return door ? work(door) : ack();
  }

  /**
   * What is kept is kept until it is answered, and who reads along by now is written down first: where that fails, Slack sends
   * it again. All else is done for who asks or looks, and comes again with them.
   */
  private async receive({ body, ack }: ReceiverEvent): Promise<void> {
    const [door, type] = [await this.doors.of(...receiverOf(body)), typeOf(body)];
    if (door && Object.hasOwn(READERS, type)) await READERS[type]?.(door, body);
    const kept = door && (await keptOf(door, body));
    const isNew = kept !== undefined && (await this.inbox.receive(kept.key, kept.body)) === 'new';
    // Slack may have stopped waiting, and sends it again: it is known then, and this is the one to answer it.
    await ack().catch(() => undefined);
    try {
      if (kept && isNew) {
        await kept.answer();
        await this.inbox.handled?.(kept.key);
      } else if (!kept) await this.hear(type, body, door);
    } catch (error) {
      // What is kept the inbox still holds.
      this.log.error({ failure: failure(error) }, 'slack: an event was not answered');
    }
  }

  private async hear(type: string, body: unknown, door: Door | undefined): Promise<void> {
    if (GONE.includes(type)) return onGone(this.doors, body);
    if (door && Object.hasOwn(EVENTS, type)) await EVENTS[type]?.(door, body, this.inbox);
  }
}

/** Words, and whoever is no full member by now. @throws when the database does not answer: Slack then sends it again. */
export async function keptOf(door: Door, body: unknown): Promise<Kept | undefined> {
  const heard = fromEvent(body, door.workspace);
  if (!heard) return onUserChange(door, body);
  return { key: heard.key, body, answer: () => onWords(door, heard) };
}

/** What is done about an event that is not kept. The desk of a home and a link are looked at anew each time. */
const EVENTS: Record<string, (door: Door, body: unknown, inbox: Inbox) => unknown> = {
  app_home_opened: onHome,
  link_shared: onLinks,
  member_joined_channel: onAdded,
};
/** Others read along from then on: done anew, it does the same. */
const READERS: Record<string, (door: Door, body: unknown) => Promise<void>> = {
  channel_shared: onShared,
  member_joined_channel: onJoined,
};
const GONE = ['app_uninstalled', 'tokens_revoked'];

const typeOf = (body: unknown): string => eventIn.safeParse(body).data?.event.type ?? '';

type Placed = Pick<BlockAction | ViewSubmitAction, 'enterprise' | 'team'>;
const enterpriseOf = ({ enterprise, team }: Placed): string | undefined =>
  enterprise?.id ?? team?.enterprise_id;

/** The installation an event was delivered for. */
export function receiverOf(body: unknown): [team: string | undefined, enterprise: string | undefined] {
  const { data } = delivered.safeParse(body);
  const [first] = data?.authorizations ?? [];
  return [
    first?.team_id ?? data?.team_id ?? undefined,
    first?.enterprise_id ?? data?.enterprise_id ?? undefined,
  ];
}

const eventIn = z.object({ event: z.looseObject({ type: z.string() }) });
const id = z.string().nullish();
const delivered = z.object({
  team_id: id,
  enterprise_id: id,
  authorizations: z.array(z.object({ team_id: id, enterprise_id: id })).optional(),
});
