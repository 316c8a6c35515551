/** botbuilder's client of Teams' connector, without what it would do by itself. */
import { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { z } from 'zod';
import { ConnectorFault } from './faults.ts';
import { isSafeUrl } from './service-url.ts';

/** The part of botbuilder's client that is used: its own types ask for every member of an activity. */
export interface Conversations {
  sendToConversation(conversation: string, activity: object, limits: object): Promise<{ id?: string }>;
  replyToActivity(
    conversation: string,
    id: string,
    activity: object,
    limits: object,
  ): Promise<{ id?: string }>;
  updateActivity(conversation: string, id: string, activity: object, limits: object): Promise<unknown>;
  createConversation(wanted: object, limits: object): Promise<{ id?: string }>;
  getConversationMember(conversation: string, member: string, limits: object): Promise<unknown>;
  getConversationPagedMembers(conversation: string, limits: object): Promise<Page>;
}

export interface Page {
  members?: unknown[];
  continuationToken?: string;
}

const AUDIENCE = 'https://api.botframework.com';
const MOST_CLIENTS = 50;

/** Clients by service URL, kept; https, or http to this machine. Each call brings its token itself, among its `limits`. */
export function clientsOf(): (serviceUrl: string) => Promise<Conversations> {
  const factory = new ConfigurationBotFrameworkAuthentication(
    {},
    {
      isValidAppId: async () => true,
      isAuthenticationDisabled: async () => false,
      createCredentials: async () => ({ signRequest: async (request) => request }),
    },
  ).createConnectorFactory(NOBODY);
  const clients = new Map<string, Promise<Conversations>>();
  return (serviceUrl) => {
    const known = clients.get(serviceUrl);
    if (known) return known;
    if (!isSafeUrl(serviceUrl)) throw new ConnectorFault({ code: 'BadServiceUrl', isUnsent: true });
    if (clients.size >= MOST_CLIENTS) clients.clear();
    const made = factory.create(serviceUrl.replace(/\/*$/, '/'), AUDIENCE).then(tamed);
    clients.set(serviceUrl, made);
    return made;
  };
}

/** The factory asks it for an app id, which our credentials do not need; botbuilder does not export the class. */
const NOBODY = { getClaimValue: () => null } as unknown as Parameters<
  ConfigurationBotFrameworkAuthentication['createConnectorFactory']
>[0];

/** What botbuilder's client would do by itself: send a message again, or follow wherever an answer points with our token. */
const UNWANTED = ['defaultRetryPolicy', 'redirectPolicy'];

/** @throws Error when the client is not built as we know it: rather none than one that sends twice. */
function tamed(client: object): Conversations {
  const { pipeline } = built.parse(Reflect.get(client, 'client'));
  for (const name of UNWANTED)
    if (pipeline.removePolicy({ name }).length === 0)
      throw new Error(`botbuilder's connector client has no ${name}`);
  return conversations.parse(Reflect.get(client, 'conversations'));
}

const has = (it: unknown, member: string) => typeof it === 'object' && it !== null && member in it;
/** `removePolicy` answers what it removed. */
const built = z.object({
  pipeline: z.custom<{ removePolicy(of: { name: string }): unknown[] }>((it) => has(it, 'removePolicy')),
});
const conversations = z.custom<Conversations>((it) => has(it, 'sendToConversation'));
