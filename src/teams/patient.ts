/** The connector for what nobody waits for: every call waits for its turn within Teams' rates. */
import type { Connector } from './door.ts';
import type { Pace } from './pace.ts';

/** A post whose turn was waited for before goes out by the connector itself. */
export const patiently = (connector: Connector, pace: Pick<Pace, 'send' | 'members'>): Connector => ({
  async send(at, activity) {
    await pace.send(at);
    return connector.send(at, activity);
  },
  async update(at, id, activity) {
    await pace.send(at);
    return connector.update(at, id, activity);
  },
  async open(at, user) {
    await pace.send({ tenant: at.tenant, conversation: user });
    return connector.open(at, user);
  },
  async member(at, user) {
    await pace.members(at);
    return connector.member(at, user);
  },
  async members(at, most) {
    await pace.members(at);
    return connector.members(at, most);
  },
});
