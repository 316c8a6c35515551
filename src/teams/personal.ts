/** The conversation that only one person and we see. */
import { GoneForGood } from '../bot/intent.ts';
import type { Connector, Reference, References } from './door.ts';

interface Parts {
  connector: Pick<Connector, 'open'>;
  references: Pick<References, 'ofUser' | 'hasLeft' | 'serviceUrl' | 'keep'>;
}

/** Teams names the personal conversations of a bot so. */
export const isPersonal = (conversation: string): boolean => conversation.startsWith('a:');

/**
 * The one we have, else one is opened (Teams has one for each person, however often that is asked).
 * @throws GoneForGood where they removed or blocked us, or nothing was ever heard of their tenant; what the connector throws.
 */
export async function personalWith(
  { connector, references }: Parts,
  { tenant, user }: { tenant: string; user: string },
): Promise<Reference> {
  const own = await references.ofUser(tenant, user);
  if (own) return own;
  const serviceUrl = await references.serviceUrl(tenant);
  if (!serviceUrl || (await references.hasLeft(tenant, user))) throw new GoneForGood('no personal chat');
  const conversation = await connector.open({ serviceUrl, tenant }, user);
  const opened: Reference = { serviceUrl, tenant, conversation, scope: 'personal', user };
  await references.keep(opened);
  return opened;
}
